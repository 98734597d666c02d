// F16 and BF16: one part of a unit.
fn load_part(unit: u32, part: u32) -> vec4<u32> {
  let at = 4 * unit + (part >> 1);
  let k = 2 * (part & 1);
  return vec4(halves[at][k], halves[at][k + 1], halves[at + 2][k], halves[at + 2][k + 1]);
}

fn part_weights(u: Unit, words: vec4<u32>, half: u32) -> vec4<f32> {
  return vec4(pair_of(words[2 * half]), pair_of(words[2 * half + 1]));
}
