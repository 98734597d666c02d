// The formats of formats/sixteens.wgsl by parts of 8 weights, a word each: part j of block b is word j of its 16 bytes, columns
// 4j .. 4j+3 in the low and 16 + 4j .. in the high nibbles.
const UNIT: u32 = 8;

@group(0) @binding(3) var<storage, read> quants: array<u32>; // [4 blocks]

struct Weights {
  bytes: u32,
  bits: u32, // of this part's first four columns lowest
  scale_and_offset: vec2<f32>,
}

fn unit_of(part: u32, quad: u32) -> u32 {
  return part >> 2;
}

fn quad_of(part: u32, quad: u32) -> u32 {
  return (part & 3) + 4 * quad;
}

fn sums_of(x: array<vec4<f32>, 2>) -> vec4<f32> {
  return vec4(dot(x[0] + x[1], vec4(1.0)), 0.0, 0.0, 0.0);
}

fn weights_at(part: u32) -> Weights {
  let block = part >> 2;
  return Weights(quants[part], bits_of(block) >> (4 * (part & 3)), scale_and_offset(block));
}

fn numbers(w: Weights, quad: u32) -> vec4<f32> {
  return number4((w.bytes >> (4 * quad)) & 0x0f0f0f0fu, w.bits, 16 * quad);
}

fn weights_of(w: Weights, quad: u32) -> vec4<f32> {
  return numbers(w, quad) * w.scale_and_offset.x + w.scale_and_offset.y;
}

fn dot_part(w: Weights, a: Activations) -> f32 {
  let products = dot(numbers(w, 0), a.x[0]) + dot(numbers(w, 1), a.x[1]);
  return products * w.scale_and_offset.x + a.sums.x * w.scale_and_offset.y;
}
