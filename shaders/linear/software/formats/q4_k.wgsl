// Q4_K and Q5_K: one sub-block of 32 weights, and four of them dequantised.
struct Unit {
  first: vec4<u32>, // numbers of four bits or five, a byte each
  second: vec4<u32>,
  scale_min: vec2<f32>,
}

fn load_unit(unit: u32) -> Unit {
  let block = unit >> 3;
  let k = unit & 7;
  let at = 8 * block + 2 * (k >> 1);
  let shift = vec4(4 * (k & 1));
  let nibble = vec4(0x0f0f0f0fu);
  return Unit(
    ((quants[at] >> shift) & nibble) | fifth(top_bits(2 * block), k),
    ((quants[at + 1] >> shift) & nibble) | fifth(top_bits(2 * block + 1), k),
    scale_and_min(headers[block], k),
  );
}

fn unit_weights(u: Unit, k: u32) -> vec4<f32> {
  let q = select(u.second[k & 3], u.first[k & 3], k < 4);
  return fma(vec4<f32>(vec4<i32>(unpack4xU8(q))), vec4(u.scale_min.x), vec4(-u.scale_min.y));
}
