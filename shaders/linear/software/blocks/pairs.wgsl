// What Q2_K and Q3_K have in common in steps: two bits of each weight, two words of a step. Composed with runs.wgsl.
@group(0) @binding(3) var<storage, read> pairs: array<vec2<u32>>;

// c is a constant wherever this is called; each word is masked for its four weights at once.
fn pair_bits(q: vec2<u32>, c: u32) -> u32 {
  return (q[c & 1] >> (c & 6)) & 0x03030303u;
}

// Numbers of a byte each, in their places.
fn placed(bytes: u32) -> vec4<f32> {
  return vec4<f32>(vec4<i32>(vec4(bytes) & vec4(0xffu, 0xff00, 0xff0000, 0x7f000000)));
}
