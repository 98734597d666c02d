// Q2_K and Q3_K: 32 weights of a row (j of the format's description, both its runs of 16), and four of them dequantised.
struct Unit {
  first: vec4<u32>, // numbers of two bits or three, a byte each
  second: vec4<u32>,
  scale: vec2<f32>,
  offset: vec2<f32>,
}

fn load_unit(unit: u32) -> Unit {
  let j = unit & 3;
  let at = 2 * (unit >> 2);
  let first = scales_of(at);
  let second = scales_of(at + 1);
  let two = vec4(0x03030303u);
  return Unit(
    ((pairs[at] >> vec4(2 * j)) & two) | third(top_bits(at), j),
    ((pairs[at + 1] >> vec4(2 * j)) & two) | third(top_bits(at + 1), j),
    vec2(first.scale[j], second.scale[j]),
    vec2(first.offset[j], second.offset[j]),
  );
}

fn unit_weights(u: Unit, k: u32) -> vec4<f32> {
  let q = select(u.second[k & 3], u.first[k & 3], k < 4);
  let scale = select(u.scale.y, u.scale.x, k < 4);
  let offset = select(u.offset.y, u.offset.x, k < 4);
  return fma(vec4<f32>(vec4<i32>(unpack4xU8(q))), vec4(scale), vec4(offset));
}
