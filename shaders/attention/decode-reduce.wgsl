// Joins the splits of decode.wgsl:  out = sum_p exp(m_p - m) o_p / sum_p exp(m_p - m) l_p,   m = max_p m_p.
//
// Geometry: one workgroup a head. An invocation holds four dimensions and LOADS neighbouring splits, which are all asked for before
// the first is used, with their (m, l); the largest m so far goes along, so memory is waited for once.
// Host dispatches (HEADS). HEAD_DIM / 4 <= WORKGROUP_SIZE. Counted by the host: PARTS <= WORKGROUP_SIZE / (HEAD_DIM / 4).
// Numerics: f32.
override WORKGROUP_SIZE: u32;
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

const NEVER: f32 = -3.0e38;

var<workgroup> maxima: array<f32, WORKGROUP_SIZE>;
var<workgroup> totals: array<f32, WORKGROUP_SIZE>;
var<workgroup> outputs: array<vec4<f32>, WORKGROUP_SIZE>;

/// The first key that the position sees.
fn first_seen() -> u32 {
  return select(0u, state.position + 1 - min(WINDOW, state.position + 1), WINDOW > 0);
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn attention_reduce(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let head = workgroup.x;
  let d4 = HEAD_DIM / 4;
  let begin = first_seen() / KEYS;
  let count = state.position / KEYS + 1;
  let first = head * SPLITS;
  let part = lane / d4;
  let i = lane % d4;
  var m = NEVER;
  var total = 0.0;
  var sum = vec4<f32>();
  if (part < PARTS) {
    for (var split = begin + part * LOADS; split < count; split += PARTS * LOADS) {
      // Past the last split the memory holds something else, perhaps no number: the last is read instead, and weighs nothing.
      //@ for n in LOADS
      let at{n} = first + min(split + {n}, count - 1);
      let stats{n} = partial_stats[at{n}];
      let o{n} = partial_out[at{n} * d4 + i];
      //@ end
      let before = m;
      //@ for n in LOADS
      m = max(m, stats{n}.x);
      //@ end
      let kept = exp(before - m);
      total *= kept;
      sum *= kept;
      //@ for n in LOADS
      let factor{n} = select(0.0, exp(stats{n}.x - m), split + {n} < count);
      total = fma(factor{n}, stats{n}.y, total);
      sum = fma(vec4(factor{n}), o{n}, sum);
      //@ end
    }
  }
  maxima[lane] = m;
  totals[lane] = total;
  outputs[lane] = sum;
  workgroupBarrier();
  if (lane < d4) {
    var largest = NEVER;
    //@ for part in PARTS
    largest = max(largest, maxima[{part} * d4 + lane]);
    //@ end
    var l = 0.0;
    var o = vec4<f32>();
    //@ for part in PARTS
    let kept{part} = exp(maxima[{part} * d4 + lane] - largest);
    l = fma(kept{part}, totals[{part} * d4 + lane], l);
    o = fma(vec4(kept{part}), outputs[{part} * d4 + lane], o);
    //@ end
    out[head * d4 + lane] = o / l;
  }
}
