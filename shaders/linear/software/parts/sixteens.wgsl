// The formats of formats/sixteens.wgsl: one part of a unit, a word of nibbles with the fifth bits that belong to it lowest.
fn load_part(unit: u32, part: u32) -> vec2<u32> {
  return vec2(quants[unit][part], bits_of(unit) >> (4 * part));
}

fn part_weights(u: Unit, p: vec2<u32>, half: u32) -> vec4<f32> {
  let nibbles = (p.x >> (4 * half)) & 0x0f0f0f0fu;
  return fma(number4(nibbles, p.y, 16 * half), vec4(u.scale_and_offset.x), vec4(u.scale_and_offset.y));
}
