// Q4_0 on the GPU: weight = (nibble - 8) * d, 32 weights a block.
// Planes, block b = row * blocks_per_row + block: quants[b] holds the 16 bytes as they are in the file (low nibbles
// are weights 0..15, high nibbles 16..31); scales packs the f16 d of blocks 2i and 2i+1.
@group(0) @binding(3) var<storage, read> quants: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read> scales: array<u32>;

fn block_scale(block: u32) -> f32 {
  let pair = unpack2x16float(scales[block >> 1]);
  return select(pair.x, pair.y, (block & 1) == 1);
}

// Weights 16 * group .. 16 * group + 15 of the matrix, counted along its rows.
fn dequantize16(group: u32) -> array<vec4<f32>, 4> {
  let block = group >> 1;
  let nibbles = (quants[block] >> vec4(4 * (group & 1))) & vec4(0x0f0f0f0fu);
  let d = block_scale(block);
  return array(
    (vec4<f32>(unpack4xU8(nibbles.x)) - 8) * d,
    (vec4<f32>(unpack4xU8(nibbles.y)) - 8) * d,
    (vec4<f32>(unpack4xU8(nibbles.z)) - 8) * d,
    (vec4<f32>(unpack4xU8(nibbles.w)) - 8) * d,
  );
}
