// Units of 32 consecutive weights, for formats whose dot product needs no sum of the activations.
const UNIT: u32 = 32;

fn activation_at(unit: u32, c: u32) -> u32 {
  return unit * 8 + c;
}

fn sums_of(x: array<vec4<f32>, 8>) -> vec4<f32> {
  return vec4<f32>();
}
