// F32 by parts of 8 weights: part j of 32 has columns 4j .. 4j+3 and 16 + 4j .., so that neighbours read 64 bytes together.
// Planes as in formats/f32.wgsl.
const UNIT: u32 = 8;

@group(0) @binding(3) var<storage, read> weights: array<vec4<f32>>;

struct Weights {
  first: vec4<f32>,
  second: vec4<f32>,
}

fn unit_of(part: u32, quad: u32) -> u32 {
  return part >> 2;
}

fn quad_of(part: u32, quad: u32) -> u32 {
  return (part & 3) + 4 * quad;
}

fn sums_of(x: array<vec4<f32>, 2>) -> vec4<f32> {
  return vec4<f32>();
}

fn weights_at(part: u32) -> Weights {
  let at = (part >> 2) * 8 + (part & 3);
  return Weights(weights[at], weights[at + 4]);
}

fn weights_of(w: Weights, quad: u32) -> vec4<f32> {
  return select(w.first, w.second, quad == 1);
}

fn dot_part(w: Weights, a: Activations) -> f32 {
  return dot(w.first, a.x[0]) + dot(w.second, a.x[1]);
}
