// 8-bit affine: 32 weights of a row as they lie, and four of them dequantised.
struct Unit {
  first: vec4<u32>,
  second: vec4<u32>,
  scale_offset: vec4<f32>, // of the first 16, of the second 16
}

fn load_unit(unit: u32) -> Unit {
  return Unit(
    quants[2 * unit],
    quants[2 * unit + 1],
    vec4(affine[unit * 32 / AFFINE_GROUP], affine[(unit * 32 + 16) / AFFINE_GROUP]),
  );
}

fn unit_weights(u: Unit, k: u32) -> vec4<f32> {
  let bytes = select(u.second[k & 3], u.first[k & 3], k < 4);
  let so = select(u.scale_offset.zw, u.scale_offset.xy, k < 4);
  return fma(vec4<f32>(unpack4xI8(bytes)), vec4(so.x), vec4(so.y));
}
