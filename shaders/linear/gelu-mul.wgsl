// gate[i] = gelu(gate[i]) * up[i],   gelu(z) = z / 2 (1 + tanh(u)) = z / (1 + exp(-2 u)),
// u = sqrt(2 / pi) (z + 0.044715 z^3): the middle of Gemma's feed-forward network, in place.
//
// Geometry: an invocation handles four values. Host dispatches (ceil(stride4 / 64), tokens).
struct Params {
  stride4: u32, // vec4s from one token to the next
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> gate: array<vec4<f32>>; // [tokens, stride4]
@group(0) @binding(2) var<storage, read> up: array<vec4<f32>>;         // [tokens, stride4]

const TWICE_ROOT: f32 = 1.5957691216057308; // 2 sqrt(2 / pi)

@compute @workgroup_size(64)
fn gelu_mul(@builtin(global_invocation_id) at: vec3<u32>) {
  if (at.x >= params.stride4) {
    return;
  }
  let i = at.y * params.stride4 + at.x;
  let z = gate[i];
  // Where z is so small that exp() would not be finite, the quotient is zero as it should be.
  let u2 = max(TWICE_ROOT * (z + 0.044715 * z * z * z), vec4(-88.0));
  gate[i] = z / (1 + exp(-u2)) * up[i];
}
