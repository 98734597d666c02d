// Q4_K and Q5_K by parts of 16 weights, two words each: part 4i + j of a block is bytes 8j .. 8j+7 of the 32 that sub-blocks 2i (low
// nibbles) and 2i+1 (high nibbles) share. Planes as in formats/q4_k.wgsl. Composed with q4_k-top.wgsl
// or q5_k-top.wgsl.
const UNIT: u32 = 16;

@group(0) @binding(3) var<storage, read> quants: array<vec2<u32>>;  // [16 blocks]
@group(0) @binding(4) var<storage, read> headers: array<vec4<u32>>; // [blocks]

struct Weights {
  bytes: vec2<u32>,
  top: vec2<u32>, // the fifth bit of sub-block 2i as the lowest of each byte
  scales: vec2<f32>,
  mins: vec2<f32>,
}

fn unit_of(part: u32, quad: u32) -> u32 {
  return 2 * (part >> 2) + (quad >> 1);
}

fn quad_of(part: u32, quad: u32) -> u32 {
  return 2 * (part & 3) + (quad & 1);
}

// Of the low and of the high nibbles.
fn sums_of(x: array<vec4<f32>, 4>) -> vec4<f32> {
  return vec4(dot(x[0] + x[1], vec4(1.0)), dot(x[2] + x[3], vec4(1.0)), 0, 0);
}

fn weights_at(part: u32) -> Weights {
  let header = headers[part >> 4];
  // Sub-blocks 2i and 2i + 1, whose 6-bit scales and mins lie side by side in 16 bits of each word.
  let i = (part >> 2) & 3;
  let shift = 16 * (i & 1);
  let a = header.y >> shift;
  let b = header.z >> shift;
  let c = header.w >> shift;
  let is_first_half = i < 2;
  let scales = select((c & 0x0f0fu) | ((a >> 2) & 0x3030u), a & 0x3f3fu, is_first_half);
  let mins = select(((c >> 4) & 0x0f0fu) | ((b >> 2) & 0x3030u), b & 0x3f3fu, is_first_half);
  let d = unpack2x16float(header.x);
  let top = top_bits(4 * (part >> 4) + (part & 3)) >> vec2(2 * i);
  return Weights(quants[part], top, d.x * floats(scales).xy, d.y * floats(mins).xy);
}

fn numbers(w: Weights, quad: u32) -> vec4<f32> {
  let nibbles = (w.bytes[quad & 1] >> (4 * (quad >> 1))) & 0x0f0f0f0fu;
  return floats(nibbles | fifth(w.top[quad & 1], quad >> 1));
}

fn weights_of(w: Weights, quad: u32) -> vec4<f32> {
  return numbers(w, quad) * w.scales[quad >> 1] - w.mins[quad >> 1];
}

fn dot_part(w: Weights, a: Activations) -> f32 {
  let low = dot(numbers(w, 0), a.x[0]) + dot(numbers(w, 1), a.x[1]);
  let high = dot(numbers(w, 2), a.x[2]) + dot(numbers(w, 3), a.x[3]);
  return low * w.scales.x - a.sums.x * w.mins.x + high * w.scales.y - a.sums.y * w.mins.y;
}
