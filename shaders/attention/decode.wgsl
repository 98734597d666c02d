// Attention of one query token, split over the keys: this kernel handles KEYS keys for GROUP heads that share them,
//   m = max_j s_j,  l = sum_j exp(s_j - m),  o = sum_j exp(s_j - m) v_j,   s_j = q . k_j / sqrt(HEAD_DIM),
// and decode-reduce.wgsl joins the splits. So a long context keeps the whole device busy, and nothing of size N x N exists.
//
// Composed with a file of cache/, whose layout it reads.
// Geometry: workgroup (GROUP heads, KEYS keys). Scores: an invocation holds keys, and all GROUP heads of each. Values:
// HEAD_DIM / 4 lanes by parts of keys, four neighbouring keys at a time; every word of the cache is read once.
// Host dispatches (HEADS / GROUP, ceil((position + 1) / KEYS)). GROUP divides HEADS / KV_HEADS and is at most 4.
// KEYS: multiple of PAGE and of WORKGROUP_SIZE; HEAD_DIM / 4 <= WORKGROUP_SIZE, a divisor or a multiple of PAGE.
// Numerics: f32. An 8-bit key's scale enters once a block of dimensions, a value's with the weight of its key.
override WORKGROUP_SIZE: u32;
override KEYS: u32;
override GROUP: u32;
override HEADS: u32;
override KV_HEADS: u32;
override HEAD_DIM: u32;
override PAGE: u32;
override SPLITS: u32; // room in the partial results: their stride

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

var<workgroup> scores: array<f32, GROUP * KEYS>; // [GROUP, KEYS]; then exp(s - m)
var<workgroup> weights: array<f32, GROUP * SCALES * KEYS>; // [GROUP, SCALES, KEYS]: exp(s - m) times the value's scale
var<workgroup> outputs: array<vec4<f32>, WORKGROUP_SIZE>;

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
  let split = workgroup.y;
  let first = split * KEYS;
  let count = min(state.position + 1 - first, KEYS);
  let d4 = HEAD_DIM / 4;

  for (var key0 = 0u; key0 < count; key0 += WORKGROUP_SIZE) {
    let key = key0 + lane;
    let block = cache_block(page_of(first + key0, lane), kv_head);
    let slot = key % PAGE;
    var score = array<f32, 4>();
    for (var scale = 0u; scale < SCALES; scale++) {
      var sum = array<vec4<f32>, 4>();
      for (var i = scale * SCALED; i < min(d4, (scale + 1) * SCALED); i++) {
        let k = key_quad(block, slot, i);
        for (var h = 0u; h < GROUP; h++) {
          sum[h] = fma(q[(head0 + h) * d4 + i], k, sum[h]);
        }
      }
      let factor = key_scale(block, slot, scale);
      for (var h = 0u; h < GROUP; h++) {
        score[h] = fma(dot(sum[h], vec4(1.0)), factor, score[h]);
      }
    }
    for (var h = 0u; h < GROUP; h++) {
      scores[h * KEYS + key] = select(NEVER, score[h] / sqrt(f32(HEAD_DIM)), key < count);
    }
  }
  workgroupBarrier();

  // Every invocation walks all scores: cheaper than the barriers of a shared maximum.
  var m = array<f32, 4>();
  for (var h = 0u; h < GROUP; h++) {
    m[h] = NEVER;
    for (var j = 0u; j < count; j++) {
      m[h] = max(m[h], scores[h * KEYS + j]);
    }
  }
  workgroupBarrier();
  for (var key0 = 0u; key0 < count; key0 += WORKGROUP_SIZE) {
    let key = key0 + lane;
    let block = cache_block(page_of(first + key0, lane), kv_head);
    let slot = key % PAGE;
    for (var h = 0u; h < GROUP; h++) {
      scores[h * KEYS + key] = select(0.0, exp(scores[h * KEYS + key] - m[h]), key < count);
    }
    for (var scale = 0u; scale < SCALES; scale++) {
      let factor = value_scale(block, slot, scale);
      for (var h = 0u; h < GROUP; h++) {
        weights[(h * SCALES + scale) * KEYS + key] = select(0.0, scores[h * KEYS + key] * factor, key < count);
      }
    }
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
  for (var h = 0u; h < GROUP; h++) {
    var sum = o[h];
    if (parts > 1) {
      workgroupBarrier();
      outputs[lane] = sum;
      workgroupBarrier();
      if (part == 0) {
        for (var other = 1u; other < parts; other++) {
          sum += outputs[other * d4 + i];
        }
      }
    }
    if (part == 0) {
      partial_out[((head0 + h) * SPLITS + split) * d4 + i] = sum;
    }
  }
  if (lane < GROUP) {
    var l = 0.0;
    for (var j = 0u; j < count; j++) {
      l += scores[lane * KEYS + j];
    }
    var largest = m[0];
    for (var h = 1u; h < GROUP; h++) {
      largest = select(largest, m[h], h == lane);
    }
    partial_stats[(head0 + lane) * SPLITS + split] = vec2(largest, l);
  }
}
