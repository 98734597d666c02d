// Q4_K and Q5_K on the GPU: weight = d * scale_k * q - dmin * min_k, 256 weights a block, 8 sub-blocks k of 32. Composed with
// q4_k-top.wgsl, where q is a nibble, or with q5_k-top.wgsl, where it has a fifth bit.
// Planes, block b = row * blocks_per_row + block: quants[8b .. 8b+7] are its 128 nibble bytes (32 bytes hold
// sub-block 2i in the low and 2i+1 in the high nibbles); headers[b] = (d, dmin as f16 pair; then the 12 bytes that
// pack eight 6-bit scales and eight 6-bit mins). Together 144 bytes, as in the file of Q4_K.
@group(0) @binding(3) var<storage, read> quants: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read> headers: array<vec4<u32>>;

// (d * scale, dmin * min) of sub-block k.
fn scale_and_min(header: vec4<u32>, k: u32) -> vec2<f32> {
  let shift = 8 * (k & 3);
  let a = header.y >> shift;
  let b = header.z >> shift;
  let c = header.w >> shift;
  let first_half = vec2(a & 63, b & 63);
  let second_half = vec2((c & 15) | ((a & 0xc0) >> 2), ((c >> 4) & 15) | ((b & 0xc0) >> 2));
  return unpack2x16float(header.x) * vec2<f32>(select(second_half, first_half, k < 4));
}

fn dequantize16(group: u32) -> array<vec4<f32>, 4> {
  let block = group >> 4;
  let k = (group >> 1) & 7;
  let nibbles = (quants[8 * block + 2 * (k >> 1) + (group & 1)] >> vec4(4 * (k & 1))) & vec4(0x0f0f0f0fu);
  let q = nibbles | fifth(top_bits(2 * block + (group & 1)), k);
  let sm = scale_and_min(headers[block], k);
  return array(
    vec4<f32>(unpack4xU8(q.x)) * sm.x - sm.y,
    vec4<f32>(unpack4xU8(q.y)) * sm.x - sm.y,
    vec4<f32>(unpack4xU8(q.z)) * sm.x - sm.y,
    vec4<f32>(unpack4xU8(q.w)) * sm.x - sm.y,
  );
}
