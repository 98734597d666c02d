// Q4_0: 32 weights of a row as they lie, and four of them dequantised. Signed numbers become floats in one instruction,
// unsigned ones do not.
struct Unit {
  bytes: vec4<u32>,
  d: f32,
}

fn load_unit(unit: u32) -> Unit {
  return Unit(quants[unit], block_scale(unit));
}

fn unit_weights(u: Unit, k: u32) -> vec4<f32> {
  let nibbles = (u.bytes[k & 3] >> (4 * (k >> 2))) & 0x0f0f0f0fu;
  return fma(vec4<f32>(vec4<i32>(unpack4xU8(nibbles))), vec4(u.d), vec4(-8 * u.d));
}
