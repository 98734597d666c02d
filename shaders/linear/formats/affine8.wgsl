// 8-bit affine: weight = q * scale + offset with signed 8-bit q and f32 scale and offset per AFFINE_GROUP (16 or 32)
// weights. The exact home of Q4_1, Q5_1, Q5_K, IQ4_XS (groups of 32) and Q2_K (groups of 16): their scales are
// products of an f16 and a small integer, which f32 holds without rounding.
// Planes: quants[g] = weights 16g .. 16g+15; affine[i] = (scale, offset) of group i.
override AFFINE_GROUP: u32 = 32;

@group(0) @binding(3) var<storage, read> quants: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read> affine: array<vec2<f32>>;

fn dequantize16(group: u32) -> array<vec4<f32>, 4> {
  let bytes = quants[group];
  let so = affine[group * 16 / AFFINE_GROUP];
  return array(
    vec4<f32>(unpack4xI8(bytes.x)) * so.x + so.y,
    vec4<f32>(unpack4xI8(bytes.y)) * so.x + so.y,
    vec4<f32>(unpack4xI8(bytes.z)) * so.x + so.y,
    vec4<f32>(unpack4xI8(bytes.w)) * so.x + so.y,
  );
}
