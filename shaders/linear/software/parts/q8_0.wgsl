// Q8_0: one part of a unit.
fn load_part(unit: u32, part: u32) -> vec2<u32> {
  return vec2(quants[2 * unit][part], quants[2 * unit + 1][part]);
}

fn part_weights(u: Unit, words: vec2<u32>, half: u32) -> vec4<f32> {
  return vec4<f32>(unpack4xI8(words[half])) * u.d;
}
