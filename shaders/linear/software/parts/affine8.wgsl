// 8-bit affine: one part of a unit.
fn load_part(unit: u32, part: u32) -> vec2<u32> {
  return vec2(quants[2 * unit][part], quants[2 * unit + 1][part]);
}

fn part_weights(u: Unit, words: vec2<u32>, half: u32) -> vec4<f32> {
  return fma(vec4<f32>(unpack4xI8(words[half])), vec4(u.scale_offset[2 * half]), vec4(u.scale_offset[2 * half + 1]));
}
