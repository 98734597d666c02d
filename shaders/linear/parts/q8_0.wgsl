// Q8_0 by parts of 8 consecutive weights, two words each. Planes as in formats/q8_0.wgsl. Composed with eights.wgsl.
@group(0) @binding(3) var<storage, read> quants: array<vec2<u32>>; // [4 blocks]
@group(0) @binding(4) var<storage, read> scales: array<u32>;       // [blocks / 2]

struct Weights {
  bytes: vec2<u32>,
  d: f32,
}

fn sums_of(x: array<vec4<f32>, 2>) -> vec4<f32> {
  return vec4<f32>();
}

fn weights_at(part: u32) -> Weights {
  let block = part >> 2;
  let pair = unpack2x16float(scales[block >> 1]);
  return Weights(quants[part], select(pair.x, pair.y, (block & 1) == 1));
}

fn numbers(w: Weights, quad: u32) -> vec4<f32> {
  return vec4<f32>(unpack4xI8(w.bytes[quad]));
}

fn weights_of(w: Weights, quad: u32) -> vec4<f32> {
  return numbers(w, quad) * w.d;
}

fn dot_part(w: Weights, a: Activations) -> f32 {
  return (dot(numbers(w, 0), a.x[0]) + dot(numbers(w, 1), a.x[1])) * w.d;
}
