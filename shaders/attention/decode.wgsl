// Attention of one query token, split over the keys: this kernel handles KEYS keys for GROUP heads that share them,
//   m = max_j s_j,  l = sum_j exp(s_j - m),  o = sum_j exp(s_j - m) v_j,   s_j = q . k_j / sqrt(HEAD_DIM),
// and decode-reduce.wgsl joins the splits. So a long context keeps the whole device busy, and nothing of size N x N exists.
//
// Composed with a file of cache/, whose layout it reads, and with one of lib/ that reduces over a workgroup.
// Geometry: workgroup (GROUP heads, KEYS keys). Scores: an invocation holds keys, and all GROUP heads of each. Values: an
// invocation holds a word of dimensions and LOADS neighbouring keys; every word of the cache is read once.
// LOADS words are asked for before the first is used, and written out one by one, because drivers do not unroll loops that Tint
// guards: each turn would wait for memory on its own.
// Host dispatches (HEADS / GROUP, the splits from that of the first key seen to that of the position), or more: what begins past the position returns at once. GROUP
// divides HEADS / KV_HEADS. KEYS: multiple of PAGE and of WORKGROUP_SIZE; HEAD_DIM / 4 <= WORKGROUP_SIZE, a divisor or a multiple
// of PAGE; PAGE: multiple of LOADS. Counted by the host: PARTS <= WORKGROUP_SIZE / WORDS, VECTORS = ceil(GROUP / 4),
// QUADS = WORD_QUADS.
// Numerics: f32. An 8-bit key's scale enters once for LOADS words, which share it, a value's with the weight of its key.
override KEYS: u32;
override HEADS: u32;
override KV_HEADS: u32;
override HEAD_DIM: u32;
override PAGE: u32;
override SPLITS: u32; // room in the partial results: their stride
override WINDOW: u32; // keys that a position sees, its own included; 0: all
override QUERY: u32 = (WORDS + LOADS - 1) / LOADS * LOADS * QUADS; // quads of a head, filled up with zeros

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

var<workgroup> query: array<vec4<f32>, GROUP * QUERY>; // [GROUP, QUERY]
var<workgroup> weights: array<f32, GROUP * SCALES * KEYS>; // [GROUP, SCALES, KEYS]: first s, then exp(s - m) times the value's scale
var<workgroup> outputs: array<vec4<f32>, QUADS * WORKGROUP_SIZE>; // [QUADS, WORKGROUP_SIZE] of one head

/// The first key that the position sees.
fn first_seen() -> u32 {
  return select(0u, state.position + 1 - min(WINDOW, state.position + 1), WINDOW > 0);
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn attention_decode(@builtin(workgroup_id) workgroup: vec3<u32>, lanes: Lanes) {
  let lane = lanes.index;
  let head0 = workgroup.x * GROUP;
  let kv_head = head0 / (HEADS / KV_HEADS);
  let seen = first_seen();
  let split = seen / KEYS + workgroup.y;
  let first = split * KEYS;
  if (first > state.position) {
    return;
  }
  let count = min(state.position + 1 - first, KEYS);
  let d4 = HEAD_DIM / 4;
  for (var i = lane; i < GROUP * QUERY; i += WORKGROUP_SIZE) {
    let quad = i % QUERY;
    query[i] = select(vec4<f32>(), q[(head0 + i / QUERY) * d4 + min(quad, d4 - 1)], quad < d4);
  }
  workgroupBarrier();

  var m = array<vec4<f32>, VECTORS>();
  //@ for i in VECTORS
  m[{i}] = vec4(NEVER);
  //@ end
  for (var key0 = 0u; key0 < count; key0 += WORKGROUP_SIZE) {
    let key = key0 + lane;
    // The last key instead of those past it, whose pages may not be there. One page for all lanes where they fit one.
    let slot = min(key, count - 1) % PAGE;
    let page = (first + min(select(key, key0, WORKGROUP_SIZE <= PAGE), count - 1)) / PAGE;
    let block = cache_block(pages[page], kv_head);
    //@ for h in GROUP
    var score{h} = 0.0;
    //@ end
    for (var word = 0u; word < WORDS; word += LOADS) {
      //@ for n in LOADS
      let k{n} = load_keys(block, slot, min(word + {n}, WORDS - 1));
      //@ end
      let factor = key_scale(block, slot, word * QUADS / SCALED);
      //@ for h in GROUP
      var sum{h} = vec4<f32>();
      //@ end
      //@ for n in LOADS
      //@ for p in QUADS
      let x{n}_{p} = quad_of(k{n}, {p});
      //@ for h in GROUP
      sum{h} = fma(query[{h} * QUERY + (word + {n}) * QUADS + {p}], x{n}_{p}, sum{h});
      //@ end
      //@ end
      //@ end
      //@ for h in GROUP
      score{h} = fma(dot(sum{h}, vec4(1.0)), factor, score{h});
      //@ end
    }
    //@ for h in GROUP
    let s{h} = select(NEVER, score{h} / sqrt(f32(HEAD_DIM)), key < count && first + key >= seen);
    weights[{h} * SCALES * KEYS + key] = s{h};
    m[{h} / 4][{h} % 4] = max(m[{h} / 4][{h} % 4], s{h});
    //@ end
  }
  //@ for i in VECTORS
  m[{i}] = workgroup_max4(m[{i}], lanes);
  //@ end

  var l = array<vec4<f32>, VECTORS>();
  for (var key0 = 0u; key0 < count; key0 += WORKGROUP_SIZE) {
    let key = key0 + lane;
    let slot = min(key, count - 1) % PAGE;
    let page = (first + min(select(key, key0, WORKGROUP_SIZE <= PAGE), count - 1)) / PAGE;
    let block = cache_block(pages[page], kv_head);
    //@ for h in GROUP
    let weight{h} = exp(weights[{h} * SCALES * KEYS + key] - m[{h} / 4][{h} % 4]);
    l[{h} / 4][{h} % 4] += weight{h};
    //@ end
    for (var scale = 0u; scale < SCALES; scale++) {
      let factor = value_scale(block, slot, scale);
      //@ for h in GROUP
      weights[({h} * SCALES + scale) * KEYS + key] = weight{h} * factor;
      //@ end
    }
  }
  // Their barriers are also those between the weights and who reads them.
  //@ for i in VECTORS
  l[{i}] = workgroup_sum(l[{i}], lanes);
  //@ end

  let part = lane / WORDS;
  let word = lane % WORDS;
  let scale = word * QUADS / SCALED;
  //@ for h in GROUP
  //@ for p in QUADS
  var o{h}_{p} = vec4<f32>();
  //@ end
  //@ end
  if (part < PARTS) {
    for (var key0 = 0u; key0 < count; key0 += PAGE) {
      let block = cache_block(pages[(first + key0) / PAGE], kv_head);
      let end = min(count - key0, PAGE);
      for (var slot = part * LOADS; slot < end; slot += PARTS * LOADS) {
        // Past the last key the memory holds something else, perhaps no number: the last is read instead, and weighs nothing.
        //@ for n in LOADS
        let v{n} = load_values(block, min(slot + {n}, end - 1), word);
        //@ end
        //@ for h in GROUP
        let at{h} = ({h} * SCALES + scale) * KEYS + key0 + slot;
        //@ end
        //@ for n in LOADS
        //@ for p in QUADS
        let x{n}_{p} = quad_of(v{n}, {p});
        //@ end
        //@ for h in GROUP
        let w{n}_{h} = vec4(weights[at{h} + {n}]);
        //@ for p in QUADS
        o{h}_{p} = fma(w{n}_{h}, x{n}_{p}, o{h}_{p});
        //@ end
        //@ end
        //@ end
      }
    }
  }

  //@ for h in GROUP
  //@ for p in QUADS
  outputs[{p} * WORKGROUP_SIZE + lane] = o{h}_{p};
  //@ end
  workgroupBarrier();
  if (lane < d4) {
    let at = lane % QUADS * WORKGROUP_SIZE + lane / QUADS;
    var sum = vec4<f32>();
    //@ for part in PARTS
    sum += outputs[at + {part} * WORDS];
    //@ end
    partial_out[((head0 + {h}) * SPLITS + split) * d4 + lane] = sum;
  }
  workgroupBarrier();
  //@ end
  if (lane == 0) {
    //@ for h in GROUP
    partial_stats[(head0 + {h}) * SPLITS + split] = vec2(m[{h} / 4][{h} % 4], l[{h} / 4][{h} % 4]);
    //@ end
  }
}
