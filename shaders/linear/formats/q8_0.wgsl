// Q8_0 on the GPU: weight = q * d with signed 8-bit q, 32 weights a block.
// Planes, block b = row * blocks_per_row + block: quants[2b], quants[2b+1] are its 32 bytes; scales packs the f16 d
// of blocks 2i and 2i+1. Q5_0 and IQ4_NL become this format without loss (their q fits in 8 bits).
@group(0) @binding(3) var<storage, read> quants: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read> scales: array<u32>;

fn block_scale(block: u32) -> f32 {
  let pair = unpack2x16float(scales[block >> 1]);
  return select(pair.x, pair.y, (block & 1) == 1);
}

fn dequantize16(group: u32) -> array<vec4<f32>, 4> {
  let bytes = quants[group];
  let d = block_scale(group >> 1);
  return array(
    vec4<f32>(unpack4xI8(bytes.x)) * d,
    vec4<f32>(unpack4xI8(bytes.y)) * d,
    vec4<f32>(unpack4xI8(bytes.z)) * d,
    vec4<f32>(unpack4xI8(bytes.w)) * d,
  );
}
