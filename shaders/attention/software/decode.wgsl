// Attention of one query token on a processor, split over the keys; ../decode.wgsl is the form for a GPU. This kernel handles KEYS keys for GROUP heads that share them,
//   m = max_j s_j,  l = sum_j exp(s_j - m),  o = sum_j exp(s_j - m) v_j,   s_j = q . k_j / sqrt(HEAD_DIM),
// and decode-reduce.wgsl joins the splits. So a long context keeps the whole device busy, and nothing of size N x N exists.
//
// Composed with a file of cache/, whose layout it reads.
// Geometry: workgroup (GROUP heads, KEYS keys). Scores: an invocation holds keys, and all GROUP heads of each. Values:
// HEAD_DIM / 4 lanes by parts of keys, four neighbouring keys at a time; every word of the cache is read once.
// Host dispatches (HEADS / GROUP, the splits from that of the first key seen to that of the position). GROUP divides HEADS / KV_HEADS; GROUP * BATCH <= 4.
// KEYS: multiple of PAGE and of BATCH * WORKGROUP_SIZE; HEAD_DIM / 4 <= WORKGROUP_SIZE, a divisor or a multiple of PAGE.
// Numerics: f32. An 8-bit key's scale enters once a block of dimensions, a value's with the weight of its key.
override WORKGROUP_SIZE: u32;
override KEYS: u32;
override GROUP: u32;
override BATCH: u32; // keys that an invocation takes on at once
override HEADS: u32;
override KV_HEADS: u32;
override HEAD_DIM: u32;
override PAGE: u32;
override SPLITS: u32; // room in the partial results: their stride
override WINDOW: u32; // keys that a position sees, its own included; 0: all

const NEVER: f32 = -3.0e38;

struct State {
  position: u32,
  tokens: u32,
}

@group(0) @binding(1) var<storage, read> q: array<vec4<f32>>; // [HEADS, HEAD_DIM / 4]
@group(0) @binding(2) var<storage, read> keys: array<cache_word>;
@group(0) @binding(3) var<storage, read> values: array<cache_word>;
@group(0) @binding(4) var<storage, read> pages: array<u32>;
@group(0) @binding(5) var<storage, read_write> partial_out: array<vec4<f32>>; // [HEADS, SPLITS, HEAD_DIM / 4]
@group(0) @binding(6) var<storage, read_write> partial_stats: array<vec2<f32>>; // [HEADS, SPLITS] (m, l)
@group(0) @binding(7) var<uniform> state: State;

var<workgroup> query: array<vec4<f32>, GROUP * HEAD_DIM / 4>; // [GROUP, HEAD_DIM / 4]
var<workgroup> scores: array<f32, GROUP * KEYS>; // [GROUP, KEYS]
var<workgroup> weights: array<f32, GROUP * SCALES * KEYS>; // [GROUP, SCALES, KEYS]: exp(s - m) times the value's scale
var<workgroup> maxima: array<f32, GROUP * WORKGROUP_SIZE>; // [GROUP, WORKGROUP_SIZE]: an invocation's own m
var<workgroup> totals: array<f32, GROUP * WORKGROUP_SIZE>; // [GROUP, WORKGROUP_SIZE]: an invocation's own l
var<workgroup> outputs: array<vec4<f32>, GROUP * WORKGROUP_SIZE>;

/// The first key that the position sees.
fn first_seen() -> u32 {
  return select(0u, state.position + 1 - min(WINDOW, state.position + 1), WINDOW > 0);
}

/// Physical page of the key at `start + lane`. The same for all lanes where they fit a page: processors read that once.
/// Past the last key there may be no page: what is read instead is not used.
fn page_of(start: u32, lane: u32) -> u32 {
  let key = start + select(lane, 0u, WORKGROUP_SIZE <= PAGE);
  return pages[min(key, state.position) / PAGE];
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn attention_decode(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let head0 = workgroup.x * GROUP;
  let kv_head = head0 / (HEADS / KV_HEADS);
  let seen = first_seen();
  let split = seen / KEYS + workgroup.y;
  let first = split * KEYS;
  let count = min(state.position + 1 - first, KEYS);
  let d4 = HEAD_DIM / 4;
  for (var i = lane; i < GROUP * d4; i += WORKGROUP_SIZE) {
    query[i] = q[head0 * d4 + i];
  }
  workgroupBarrier();

  var m = array<f32, 4>(NEVER, NEVER, NEVER, NEVER);
  for (var key0 = 0u; key0 < count; key0 += BATCH * WORKGROUP_SIZE) {
    var block = array<u32, 4>();
    for (var n = 0u; n < BATCH; n++) {
      block[n] = cache_block(page_of(first + key0 + n * WORKGROUP_SIZE, lane), kv_head);
    }
    var score = array<f32, 4>(); // [GROUP, BATCH], and so `sum`
    for (var scale = 0u; scale < SCALES; scale++) {
      var sum = array<vec4<f32>, 4>();
      for (var i = scale * SCALED; i < min(d4, (scale + 1) * SCALED); i++) {
        for (var n = 0u; n < BATCH; n++) {
          let k = key_quad(block[n], (key0 + n * WORKGROUP_SIZE + lane) % PAGE, i);
          for (var h = 0u; h < GROUP; h++) {
            sum[h * BATCH + n] = fma(query[h * d4 + i], k, sum[h * BATCH + n]);
          }
        }
      }
      for (var n = 0u; n < BATCH; n++) {
        let factor = key_scale(block[n], (key0 + n * WORKGROUP_SIZE + lane) % PAGE, scale);
        for (var h = 0u; h < GROUP; h++) {
          score[h * BATCH + n] = fma(dot(sum[h * BATCH + n], vec4(1.0)), factor, score[h * BATCH + n]);
        }
      }
    }
    for (var n = 0u; n < BATCH; n++) {
      let key = key0 + n * WORKGROUP_SIZE + lane;
      for (var h = 0u; h < GROUP; h++) {
        let s = select(NEVER, score[h * BATCH + n] / sqrt(f32(HEAD_DIM)), key < count && first + key >= seen);
        scores[h * KEYS + key] = s;
        m[h] = max(m[h], s);
      }
    }
  }
  for (var h = 0u; h < GROUP; h++) {
    maxima[h * WORKGROUP_SIZE + lane] = m[h];
  }
  workgroupBarrier();

  // Every invocation walks all maxima: cheaper than the barriers of a tree.
  for (var i = 0u; i < WORKGROUP_SIZE; i++) {
    for (var h = 0u; h < GROUP; h++) {
      m[h] = max(m[h], maxima[h * WORKGROUP_SIZE + i]);
    }
  }
  var l = array<f32, 4>();
  for (var key = lane; key < count; key += WORKGROUP_SIZE) {
    let block = cache_block(page_of(first + key - lane, lane), kv_head);
    var weight = array<f32, 4>();
    for (var h = 0u; h < GROUP; h++) {
      weight[h] = exp(scores[h * KEYS + key] - m[h]);
      l[h] += weight[h];
    }
    for (var scale = 0u; scale < SCALES; scale++) {
      let factor = value_scale(block, key % PAGE, scale);
      for (var h = 0u; h < GROUP; h++) {
        weights[(h * SCALES + scale) * KEYS + key] = weight[h] * factor;
      }
    }
  }
  for (var h = 0u; h < GROUP; h++) {
    totals[h * WORKGROUP_SIZE + lane] = l[h];
  }
  workgroupBarrier();

  let parts = WORKGROUP_SIZE / d4;
  let part = lane / d4;
  let i = lane % d4;
  let scale = i / SCALED;
  var o = array<vec4<f32>, 4>();
  if (part < parts) {
    for (var key0 = 0u; key0 < count; key0 += PAGE) {
      let block = cache_block(pages[(first + key0) / PAGE], kv_head);
      let end = min(count - key0, PAGE);
      for (var j = 4 * part; j < end; j += 4 * parts) {
        // Past the last key the memory holds something else, perhaps no number: replaced, not weighed with zero.
        let v0 = value_quad(block, j, i);
        let v1 = select(vec4<f32>(), value_quad(block, j + 1, i), j + 1 < end);
        let v2 = select(vec4<f32>(), value_quad(block, j + 2, i), j + 2 < end);
        let v3 = select(vec4<f32>(), value_quad(block, j + 3, i), j + 3 < end);
        for (var h = 0u; h < GROUP; h++) {
          let at = (h * SCALES + scale) * KEYS + key0 + j;
          o[h] = fma(vec4(weights[at]), v0, o[h]);
          o[h] = fma(vec4(weights[at + 1]), v1, o[h]);
          o[h] = fma(vec4(weights[at + 2]), v2, o[h]);
          o[h] = fma(vec4(weights[at + 3]), v3, o[h]);
        }
      }
    }
  }
  if (parts > 1) {
    for (var h = 0u; h < GROUP; h++) {
      outputs[h * WORKGROUP_SIZE + lane] = o[h];
    }
    workgroupBarrier();
  }
  if (part == 0) {
    for (var h = 0u; h < GROUP; h++) {
      var sum = o[h];
      for (var other = 1u; other < parts; other++) {
        sum += outputs[h * WORKGROUP_SIZE + other * d4 + i];
      }
      partial_out[((head0 + h) * SPLITS + split) * d4 + i] = sum;
    }
  }
  if (lane < GROUP) {
    var total = 0.0;
    for (var j = 0u; j < WORKGROUP_SIZE; j++) {
      total += totals[lane * WORKGROUP_SIZE + j];
    }
    var largest = m[0];
    for (var h = 1u; h < GROUP; h++) {
      largest = select(largest, m[h], h == lane);
    }
    partial_stats[(head0 + lane) * SPLITS + split] = vec2(largest, total);
  }
}
