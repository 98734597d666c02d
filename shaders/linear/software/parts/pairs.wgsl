// Q2_K and Q3_K: one part of a unit, which is what the formats' description calls a j.
fn load_part(unit: u32, part: u32) -> vec2<u32> {
  let j = unit & 3;
  let at = 2 * (unit >> 2);
  let q = (vec2(pairs[at][part], pairs[at + 1][part]) >> vec2(2 * j)) & vec2(0x03030303u);
  return q | third(vec4(top_bits(at)[part], top_bits(at + 1)[part], 0, 0), j).xy;
}

fn part_weights(u: Unit, q: vec2<u32>, half: u32) -> vec4<f32> {
  return fma(vec4<f32>(vec4<i32>(unpack4xU8(q[half]))), vec4(u.scale[half]), vec4(u.offset[half]));
}
