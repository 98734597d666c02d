// Q6_K: one part of a unit, which is what the format's description calls a j.
fn load_part(unit: u32, part: u32) -> vec2<u32> {
  let block = unit >> 3;
  let n = (unit >> 2) & 1;
  let j = unit & 3;
  let nibbles = 8 * block + 4 * n + 2 * (j & 1);
  let bits = 4 * block + 2 * n;
  let four = vec2(low[nibbles][part], low[nibbles + 1][part]) >> vec2(4 * (j >> 1));
  let two = vec2(high[bits][part], high[bits + 1][part]) >> vec2(2 * j);
  return (four & vec2(0x0f0f0f0fu)) | ((two & vec2(0x03030303u)) << vec2(4u));
}

fn part_weights(u: Unit, q: vec2<u32>, half: u32) -> vec4<f32> {
  return fma(vec4<f32>(vec4<i32>(unpack4xU8(q[half]))), vec4(u.d[half]), vec4(-32 * u.d[half]));
}
