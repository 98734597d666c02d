// Q8_0: 32 weights of a row as they lie, and four of them dequantised.
struct Unit {
  first: vec4<u32>,
  second: vec4<u32>,
  d: f32,
}

fn load_unit(unit: u32) -> Unit {
  return Unit(quants[2 * unit], quants[2 * unit + 1], block_scale(unit));
}

fn unit_weights(u: Unit, k: u32) -> vec4<f32> {
  let bytes = select(u.second[k & 3], u.first[k & 3], k < 4);
  return vec4<f32>(unpack4xI8(bytes)) * u.d;
}
