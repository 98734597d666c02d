// F16 and BF16 by parts of 8 consecutive weights, four words each. Planes as in formats/f16.wgsl. Composed with eights.wgsl.
@group(0) @binding(3) var<storage, read> halves: array<vec4<u32>>;

struct Weights {
  pairs: vec4<u32>,
}

fn sums_of(x: array<vec4<f32>, 2>) -> vec4<f32> {
  return vec4<f32>();
}

fn weights_at(part: u32) -> Weights {
  return Weights(halves[part]);
}

fn weights_of(w: Weights, quad: u32) -> vec4<f32> {
  return vec4(pair_of(w.pairs[2 * quad]), pair_of(w.pairs[2 * quad + 1]));
}

fn dot_part(w: Weights, a: Activations) -> f32 {
  return dot(weights_of(w, 0), a.x[0]) + dot(weights_of(w, 1), a.x[1]);
}
