// F16 and BF16: 32 weights of a row as they lie, and four of them dequantised.
struct Unit {
  halves: array<vec4<u32>, 4>,
}

fn load_unit(unit: u32) -> Unit {
  return Unit(array(halves[unit * 4], halves[unit * 4 + 1], halves[unit * 4 + 2], halves[unit * 4 + 3]));
}

fn unit_weights(u: Unit, k: u32) -> vec4<f32> {
  let pairs = u.halves[k >> 1];
  return vec4(pair_of(pairs[2 * (k & 1)]), pair_of(pairs[2 * (k & 1) + 1]));
}
