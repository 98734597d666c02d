// Q6_K: 32 weights of a row (j of the format's description, both its runs of 16), and four of them dequantised.
struct Unit {
  first: vec4<u32>, // 6-bit numbers, a byte each
  second: vec4<u32>,
  d: vec2<f32>,
}

fn load_unit(unit: u32) -> Unit {
  let block = unit >> 3;
  let n = (unit >> 2) & 1;
  let j = unit & 3;
  let nibbles = 8 * block + 4 * n + 2 * (j & 1);
  let bits = 4 * block + 2 * n;
  let words = sub_scales[2 * block + n];
  let sub = unpack4xI8(select(words.x, words.y, j > 1));
  let d = block_scale(block);
  return Unit(
    six_bits(low[nibbles], high[bits], j),
    six_bits(low[nibbles + 1], high[bits + 1], j),
    d * vec2<f32>(vec2(sub[2 * (j & 1)], sub[2 * (j & 1) + 1])),
  );
}

fn six_bits(nibbles: vec4<u32>, bits: vec4<u32>, j: u32) -> vec4<u32> {
  return ((nibbles >> vec4(4 * (j >> 1))) & vec4(0x0f0f0f0fu))
    | (((bits >> vec4(2 * j)) & vec4(0x03030303u)) << vec4(4u));
}

fn unit_weights(u: Unit, k: u32) -> vec4<f32> {
  let q = select(u.second[k & 3], u.first[k & 3], k < 4);
  let d = select(u.d.y, u.d.x, k < 4);
  return fma(vec4<f32>(vec4<i32>(unpack4xU8(q))), vec4(d), vec4(-32 * d));
}
