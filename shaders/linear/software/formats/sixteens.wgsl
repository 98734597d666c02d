// The formats of formats/sixteens.wgsl: 32 weights of a row as they lie, and four of them dequantised.
struct Unit {
  bytes: vec4<u32>,
  bits: u32,
  scale_and_offset: vec2<f32>,
}

fn load_unit(unit: u32) -> Unit {
  return Unit(quants[unit], bits_of(unit), scale_and_offset(unit));
}

fn unit_weights(u: Unit, k: u32) -> vec4<f32> {
  let nibbles = (u.bytes[k & 3] >> (4 * (k >> 2))) & 0x0f0f0f0fu;
  return fma(number4(nibbles, u.bits, 4 * k), vec4(u.scale_and_offset.x), vec4(u.scale_and_offset.y));
}
