// Q4_K and Q5_K: one part of a unit, which is a sub-block.
fn load_part(unit: u32, part: u32) -> vec2<u32> {
  let k = unit & 7;
  let at = unit - k + 2 * (k >> 1);
  let nibbles = (vec2(quants[at][part], quants[at + 1][part]) >> vec2(4 * (k & 1))) & vec2(0x0f0f0f0fu);
  let top = 2 * (unit >> 3);
  return nibbles | fifth(vec4(top_bits(top)[part], top_bits(top + 1)[part], 0, 0), k).xy;
}

fn part_weights(u: Unit, q: vec2<u32>, half: u32) -> vec4<f32> {
  return fma(vec4<f32>(vec4<i32>(unpack4xU8(q[half]))), vec4(u.scale_min.x), vec4(-u.scale_min.y));
}
