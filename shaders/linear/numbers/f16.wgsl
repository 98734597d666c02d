// Two f16 of a word.
fn pair_of(word: u32) -> vec2<f32> {
  return unpack2x16float(word);
}
