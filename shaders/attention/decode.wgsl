// Attention of one query token, split over the keys: this kernel handles one head and one page of PAGE keys,
//   m = max_j s_j,  l = sum_j exp(s_j - m),  o = sum_j exp(s_j - m) v_j,   s_j = q . k_j / sqrt(HEAD_DIM),
// and decode-reduce.wgsl joins the pages. So a long context keeps the whole device busy, and nothing of size N x N exists.
//
// Composed with lib/reduce-*.wgsl (WORKGROUP_SIZE = PAGE) and `alias cache_t`. Cache layout: see rope-append.wgsl.
// Geometry: workgroup (head, page), one invocation a key for the scores; then HEAD_DIM / 4 lanes by groups of keys for
// the values. Host dispatches (HEADS, ceil((position + 1) / PAGE)). HEAD_DIM / 4 <= WORKGROUP_SIZE.
override HEADS: u32;
override KV_HEADS: u32;
override HEAD_DIM: u32;
override PAGES: u32; // in the whole cache: the stride of the partial results

struct State {
  position: u32,
  tokens: u32,
}

@group(0) @binding(1) var<storage, read> q: array<vec4<f32>>; // [HEADS, HEAD_DIM / 4]
@group(0) @binding(2) var<storage, read> keys: array<vec4<cache_t>>;
@group(0) @binding(3) var<storage, read> values: array<vec4<cache_t>>;
@group(0) @binding(4) var<storage, read> pages: array<u32>;
@group(0) @binding(5) var<storage, read_write> partial_out: array<vec4<f32>>; // [HEADS, PAGES, HEAD_DIM / 4]
@group(0) @binding(6) var<storage, read_write> partial_stats: array<vec2<f32>>; // [HEADS, PAGES] (m, l)
@group(0) @binding(7) var<uniform> state: State;

var<workgroup> weights: array<f32, WORKGROUP_SIZE>;
var<workgroup> outputs: array<vec4<f32>, WORKGROUP_SIZE>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn attention_decode(@builtin(workgroup_id) workgroup: vec3<u32>, lanes: Lanes) {
  let head = workgroup.x;
  let page = workgroup.y;
  let lane = lanes.index;
  let d4 = HEAD_DIM / 4;
  let block = pages[page] * KV_HEADS + head / (HEADS / KV_HEADS);
  let count = min(state.position + 1 - page * WORKGROUP_SIZE, WORKGROUP_SIZE);

  var score = -3.0e38;
  if (lane < count) {
    var sum = 0.0;
    for (var i = 0u; i < d4; i++) {
      sum += dot(q[head * d4 + i], vec4<f32>(keys[(block * d4 + i) * WORKGROUP_SIZE + lane]));
    }
    score = sum / sqrt(f32(HEAD_DIM));
  }
  let largest = workgroup_max(score, lanes);
  let weight = select(0.0, exp(score - largest), lane < count);
  weights[lane] = weight;
  let total = workgroup_sum(vec4(weight, 0, 0, 0), lanes).x; // its barriers also publish `weights`

  let groups = WORKGROUP_SIZE / d4;
  let i = lane % d4;
  let group = lane / d4;
  var out = vec4<f32>();
  if (group < groups) {
    for (var j = group; j < count; j += groups) {
      out += weights[j] * vec4<f32>(values[(block * WORKGROUP_SIZE + j) * d4 + i]);
    }
  }
  outputs[lane] = out;
  workgroupBarrier();
  if (group == 0) {
    for (var g = 1u; g < groups; g++) {
      out += outputs[g * d4 + i];
    }
    partial_out[(head * PAGES + page) * d4 + i] = out;
  }
  if (lane == 0) {
    partial_stats[head * PAGES + page] = vec2(largest, total);
  }
}
