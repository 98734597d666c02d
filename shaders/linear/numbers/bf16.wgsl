// Two bf16 of a word: each is the upper half of an f32.
fn pair_of(word: u32) -> vec2<f32> {
  return vec2(bitcast<f32>(word << 16), bitcast<f32>(word & 0xffff0000u));
}
