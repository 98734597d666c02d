// KV cache in 16 bits, read an octet at a time. Composed behind f16-layout.wgsl; a kernel that is composed with both declares
//   keys, values: array<cache_word>   and   the overrides KV_HEADS, HEAD_DIM, PAGE.
alias cache_word = vec4<u32>;

/// A number is stored as quad * scale; SCALED neighbouring quads share one of the SCALES scales of a head.
override SCALED: u32 = HEAD_DIM / 4;
override SCALES: u32 = 1;

/// Quads of a word, and words of a head. Past the head's end a word holds zeros.
const WORD_QUADS: u32 = 2;
override WORDS: u32 = OCTETS;

fn load_keys(block: u32, slot: u32, word: u32) -> cache_word {
  return keys[key_octet(block, slot, word)];
}

fn load_values(block: u32, slot: u32, word: u32) -> cache_word {
  return values[value_octet(block, slot, word)];
}

/// Quad `part` of a word.
fn quad_of(word: cache_word, part: u32) -> vec4<f32> {
  let quad = select(word.xy, word.zw, part == 1);
  return vec4(unpack2x16float(quad.x), unpack2x16float(quad.y));
}

fn key_quad(block: u32, slot: u32, quad: u32) -> vec4<f32> {
  return quad_of(load_keys(block, slot, quad / 2), quad % 2);
}

fn key_scale(block: u32, slot: u32, scale: u32) -> f32 {
  return 1.0;
}

fn value_quad(block: u32, slot: u32, quad: u32) -> vec4<f32> {
  return quad_of(load_values(block, slot, quad / 2), quad % 2);
}

fn value_scale(block: u32, slot: u32, scale: u32) -> f32 {
  return 1.0;
}
