// The sixteen levels of IQ4_NL and IQ4_XS (src/engine/quant/iq4-nl.ts), signed bytes: see nibbles.wgsl.
fn bits_of(block: u32) -> u32 {
  return 0u;
}

fn number4(nibbles: u32, bits: u32, first: u32) -> vec4<f32> {
  // Four levels a word, so that no table is looked up in memory.
  let n = unpack4xU8(nibbles);
  let is_second = (n & vec4(4u)) != vec4(0u);
  let lower = select(vec4(0xbfad9881u), vec4(0xf6eaddcfu), is_second);
  let upper = select(vec4(0x26190d01u), vec4(0x71594535u), is_second);
  let words = select(lower, upper, n > vec4(7u));
  // The level's byte to the top, and down again with its sign: shifts count modulo 32.
  return vec4<f32>(bitcast<vec4<i32>>(words << ((~n & vec4(3u)) << vec4(3u))) >> vec4(24u));
}
