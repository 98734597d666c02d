// Q4_0 by parts of 8 weights, a word each: part j of block b is word j of its 16 bytes, columns 4j .. 4j+3 in the low and
// 16 + 4j .. in the high nibbles. Planes as in formats/q4_0.wgsl.
const UNIT: u32 = 8;

@group(0) @binding(3) var<storage, read> quants: array<u32>; // [4 blocks]
@group(0) @binding(4) var<storage, read> scales: array<u32>; // [blocks / 2]

struct Weights {
  bytes: u32,
  d: f32,
}

fn unit_of(part: u32, quad: u32) -> u32 {
  return part >> 2;
}

fn quad_of(part: u32, quad: u32) -> u32 {
  return (part & 3) + 4 * quad;
}

fn sums_of(x: array<vec4<f32>, 2>) -> vec4<f32> {
  return vec4(8 * dot(x[0] + x[1], vec4(1.0)), 0, 0, 0);
}

fn weights_at(part: u32) -> Weights {
  let block = part >> 2;
  let pair = unpack2x16float(scales[block >> 1]);
  return Weights(quants[part], select(pair.x, pair.y, (block & 1) == 1));
}

fn numbers(w: Weights, quad: u32) -> vec4<f32> {
  return floats((w.bytes >> (4 * quad)) & 0x0f0f0f0fu);
}

fn weights_of(w: Weights, quad: u32) -> vec4<f32> {
  return numbers(w, quad) * w.d - 8.0 * w.d;
}

fn dot_part(w: Weights, a: Activations) -> f32 {
  return (dot(numbers(w, 0), a.x[0]) + dot(numbers(w, 1), a.x[1]) - a.sums.x) * w.d;
}
