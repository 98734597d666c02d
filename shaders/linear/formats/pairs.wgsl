// Q2_K and Q3_K on the GPU: 256 weights a block, sixteen groups of 16 with a scale each: weight = q * scale + offset.
// Composed with q2_k.wgsl or q3_k.wgsl, which have the scales and say what q is.
// With weight index 128n + 32j + 16s + l, the low two bits of q are bits 2j of byte l of unit 4 * block + 2n + s.
// Plane: pairs[unit], the bytes as they are in the file.
@group(0) @binding(3) var<storage, read> pairs: array<vec4<u32>>;

fn dequantize16(group: u32) -> array<vec4<f32>, 4> {
  let j = (group >> 1) & 3;
  let unit = 2 * (group >> 3) + (group & 1);
  let q = ((pairs[unit] >> vec4(2 * j)) & vec4(0x03030303u)) | third(top_bits(unit), j);
  let scales = scales_of(unit);
  let scale = scales.scale[j];
  let offset = scales.offset[j];
  return array(
    vec4<f32>(unpack4xU8(q.x)) * scale + offset,
    vec4<f32>(unpack4xU8(q.y)) * scale + offset,
    vec4<f32>(unpack4xU8(q.z)) * scale + offset,
    vec4<f32>(unpack4xU8(q.w)) * scale + offset,
  );
}
