// Joins the splits of decode.wgsl on a processor, where there are few:  out = sum_p exp(m_p - m) o_p / sum_p exp(m_p - m) l_p,   m = max_p m_p.
//
// Geometry: one workgroup a head, one invocation four dimensions. Host dispatches (HEADS).
override HEAD_DIM: u32;
override SPLITS: u32; // room in the partial results: their stride
override KEYS: u32;   // of a split
override WINDOW: u32; // keys that a position sees, its own included; 0: all

struct State {
  position: u32,
  tokens: u32,
}

@group(0) @binding(1) var<storage, read> partial_out: array<vec4<f32>>;   // [HEADS, SPLITS, HEAD_DIM / 4]
@group(0) @binding(2) var<storage, read> partial_stats: array<vec2<f32>>; // [HEADS, SPLITS] (m, l)
@group(0) @binding(3) var<storage, read_write> out: array<vec4<f32>>;     // [HEADS, HEAD_DIM / 4]
@group(0) @binding(7) var<uniform> state: State;

/// The first key that the position sees.
fn first_seen() -> u32 {
  return select(0u, state.position + 1 - min(WINDOW, state.position + 1), WINDOW > 0);
}

@compute @workgroup_size(64)
fn attention_reduce(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let head = workgroup.x;
  let d4 = HEAD_DIM / 4;
  let begin = first_seen() / KEYS;
  let count = state.position / KEYS + 1;
  var largest = -3.0e38;
  for (var split = begin; split < count; split++) {
    largest = max(largest, partial_stats[head * SPLITS + split].x);
  }
  for (var i = lane; i < d4; i += 64) {
    var sum = vec4<f32>();
    var total = 0.0;
    for (var split = begin; split < count; split++) {
      let stats = partial_stats[head * SPLITS + split];
      let factor = exp(stats.x - largest);
      sum += factor * partial_out[(head * SPLITS + split) * d4 + i];
      total += factor * stats.y;
    }
    out[head * d4 + i] = sum / total;
  }
}
