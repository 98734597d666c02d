// Q4_K: one part of a unit, which is a sub-block.
fn load_part(unit: u32, part: u32) -> vec2<u32> {
  let k = unit & 7;
  let at = unit - k + 2 * (k >> 1);
  return (vec2(quants[at][part], quants[at + 1][part]) >> vec2(4 * (k & 1))) & vec2(0x0f0f0f0fu);
}

fn part_weights(u: Unit, nibbles: vec2<u32>, half: u32) -> vec4<f32> {
  return fma(vec4<f32>(vec4<i32>(unpack4xU8(nibbles[half]))), vec4(u.scale_min.x), vec4(-u.scale_min.y));
}
