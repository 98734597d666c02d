// Q4_K in steps: 16 bytes, which hold sub-block 2i in the low and 2i + 1 in the high nibbles. Composed with k-pairs.wgsl.
@group(0) @binding(3) var<storage, read> quants: array<vec4<u32>>;

fn load_quants(block: u32, step: u32) -> vec4<u32> {
  return quants[8 * block + step];
}

// Weights stay in their places in the word, which saves shifting them; their activations are divided by 2^place instead.
fn place_values(c: u32) -> vec4<f32> {
  return select(vec4(0x1p-4, 0x1p-12, 0x1p-20, 0x1p-24), vec4(1, 0x1p-8, 0x1p-16, 0x1p-24), c < 4);
}

fn placed_weights(bytes: vec4<u32>, c: u32) -> vec4<f32> {
  let word = bytes[c & 3];
  if (c < 4) {
    return vec4<f32>(vec4<i32>(vec4(word) & vec4(0xfu, 0xf00, 0xf0000, 0xf000000)));
  }
  // The last one would be a sign.
  return vec4<f32>(vec4<i32>(vec4(word, word, word, word >> 4) & vec4(0xf0u, 0xf000, 0xf00000, 0xf000000)));
}
