// gate[i] = silu(gate[i]) * up[i],   silu(z) = z / (1 + exp(-z)): the middle of SwiGLU, in place.
//
// Geometry: an invocation handles four values. Host dispatches (ceil(stride4 / 64), tokens).
struct Params {
  stride4: u32, // vec4s from one token to the next
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> gate: array<vec4<f32>>; // [tokens, stride4]
@group(0) @binding(2) var<storage, read> up: array<vec4<f32>>;         // [tokens, stride4]

@compute @workgroup_size(64)
fn silu_mul(@builtin(global_invocation_id) at: vec3<u32>) {
  if (at.x >= params.stride4) {
    return;
  }
  let i = at.y * params.stride4 + at.x;
  let z = gate[i];
  gate[i] = z / (1 + exp(-z)) * up[i];
}
