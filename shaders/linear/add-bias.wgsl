// q[t] += q_bias, k[t] += k_bias, v[t] += v_bias: the biases of a layer's projections, in place.
//
// Geometry: an invocation handles four values of one of the three. Host dispatches (ceil((Q4 + 2 KV4) / 64), tokens).
override Q4: u32;  // vec4s of a token's q
override KV4: u32; // of its k, and of its v

struct State {
  position: u32,
  tokens: u32,
}

// q, k and v may be stretches of one buffer, which WebGPU takes as writable or as read-only, not as both at once.
@group(0) @binding(1) var<storage, read_write> q: array<vec4<f32>>; // [tokens, Q4]
@group(0) @binding(2) var<storage, read_write> k: array<vec4<f32>>; // [tokens, KV4]
@group(0) @binding(3) var<storage, read_write> v: array<vec4<f32>>; // [tokens, KV4]
@group(0) @binding(4) var<storage, read> q_bias: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> k_bias: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> v_bias: array<vec4<f32>>;
@group(0) @binding(7) var<uniform> state: State;

@compute @workgroup_size(64)
fn add_bias(@builtin(global_invocation_id) at: vec3<u32>) {
  let i = at.x;
  if (at.y >= state.tokens) {
    return;
  }
  if (i < Q4) {
    q[at.y * Q4 + i] += q_bias[i];
  } else if (i < Q4 + KV4) {
    k[at.y * KV4 + i - Q4] += k_bias[i - Q4];
  } else if (i < Q4 + 2 * KV4) {
    v[at.y * KV4 + i - Q4 - KV4] += v_bias[i - Q4 - KV4];
  }
}
