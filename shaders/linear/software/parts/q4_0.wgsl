// Q4_0: one part of a unit.
fn load_part(unit: u32, part: u32) -> u32 {
  // With its highest bit turned over, a nibble is a signed number of four bits: nibble - 8.
  return quants[unit][part] ^ 0x88888888u;
}

fn part_weights(u: Unit, word: u32, half: u32) -> vec4<f32> {
  let nibbles = vec4(bitcast<i32>(word)) << (vec4(28u, 20, 12, 4) - 4 * half);
  return vec4<f32>(nibbles >> vec4(28u)) * u.d;
}
