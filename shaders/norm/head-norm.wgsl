// x[t, h, i] = x[t, h, i] * rsqrt(mean_i(x[t, h, i]^2) + epsilon) * weight[i], in place: of each head of queries and of keys,
// whose weights are two.
//
// Composed with lib/reduce-*.wgsl.
// Geometry: one workgroup a head of a token, first those of queries. Host dispatches (HEADS + KV_HEADS, tokens).
// Numerics: f32.
override HEADS: u32;
override KV_HEADS: u32;
override HEAD_DIM: u32;

struct Params {
  epsilon: f32,
}

struct State {
  position: u32,
  tokens: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> q: array<f32>; // [tokens, HEADS, HEAD_DIM]
@group(0) @binding(2) var<storage, read_write> k: array<f32>; // [tokens, KV_HEADS, HEAD_DIM]
@group(0) @binding(3) var<storage, read> q_weight: array<f32>; // [HEAD_DIM]
@group(0) @binding(4) var<storage, read> k_weight: array<f32>; // [HEAD_DIM]
@group(0) @binding(7) var<uniform> state: State;

@compute @workgroup_size(WORKGROUP_SIZE)
fn head_norm(@builtin(workgroup_id) workgroup: vec3<u32>, lanes: Lanes) {
  if (workgroup.y >= state.tokens) {
    return;
  }
  let is_query = workgroup.x < HEADS;
  let q_start = (workgroup.y * HEADS + workgroup.x) * HEAD_DIM;
  let k_start = (workgroup.y * KV_HEADS + workgroup.x - HEADS) * HEAD_DIM;
  var squares = 0.0;
  for (var i = lanes.index; i < HEAD_DIM; i += WORKGROUP_SIZE) {
    var value = 0.0;
    if (is_query) {
      value = q[q_start + i];
    } else {
      value = k[k_start + i];
    }
    squares += value * value;
  }
  let total = workgroup_sum(vec4(squares, 0, 0, 0), lanes).x;
  let scale = 1.0 / sqrt(total / f32(HEAD_DIM) + params.epsilon);
  for (var i = lanes.index; i < HEAD_DIM; i += WORKGROUP_SIZE) {
    if (is_query) {
      q[q_start + i] = q[q_start + i] * scale * q_weight[i];
    } else {
      k[k_start + i] = k[k_start + i] * scale * k_weight[i];
    }
  }
}
