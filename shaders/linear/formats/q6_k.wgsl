// Q6_K on the GPU: weight = d * scale * (q - 32), q of 6 bits, 256 weights a block, a signed 8-bit scale per 16.
// Planes, block b = row * blocks_per_row + block: low[8b .. 8b+7] = the low 4 bits (128 bytes), high[4b .. 4b+3] = the
// high 2 bits (64 bytes), sub_scales[2b], [2b+1] = sixteen signed bytes, scales packs the f16 d of blocks 2i, 2i+1.
// With weight index 128n + 32j + 16s + l: nibble j >> 1 of byte low[64n + 32(j & 1) + 16s + l], bits 2j of byte
// high[32n + 16s + l], scale 8n + 2j + s. Q3_K becomes this format without loss.
@group(0) @binding(3) var<storage, read> low: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read> high: array<vec4<u32>>;
@group(0) @binding(5) var<storage, read> sub_scales: array<vec2<u32>>;
@group(0) @binding(6) var<storage, read> scales: array<u32>;

fn block_scale(block: u32) -> f32 {
  let pair = unpack2x16float(scales[block >> 1]);
  return select(pair.x, pair.y, (block & 1) == 1);
}

fn dequantize16(group: u32) -> array<vec4<f32>, 4> {
  let block = group >> 4;
  let n = (group >> 3) & 1;
  let j = (group >> 1) & 3;
  let s = group & 1;
  let nibbles = (low[8 * block + 4 * n + 2 * (j & 1) + s] >> vec4(4 * (j >> 1))) & vec4(0x0f0f0f0fu);
  let top = ((high[4 * block + 2 * n + s] >> vec4(2 * j)) & vec4(0x03030303u)) << vec4(4u);
  let q = nibbles | top;
  let words = sub_scales[2 * block + n];
  let sub_scale = unpack4xI8(select(words.x, words.y, j > 1))[2 * (j & 1) + s];
  let d = block_scale(block) * f32(sub_scale);
  return array(
    (vec4<f32>(unpack4xU8(q.x)) - 32) * d,
    (vec4<f32>(unpack4xU8(q.y)) - 32) * d,
    (vec4<f32>(unpack4xU8(q.z)) - 32) * d,
    (vec4<f32>(unpack4xU8(q.w)) - 32) * d,
  );
}
