// KV cache in 8 bits: a signed byte a number, and an f16 scale for 32 neighbouring dimensions of a head (the last of a head
// may be fewer), x = byte * scale. No feature needed. Read through the functions below; a kernel that is composed with this
// file declares   keys, values: array<cache_word>   and   the overrides KV_HEADS, HEAD_DIM, PAGE.
// Of each head in each page of PAGE positions (page = pages[position / PAGE], slot = position % PAGE), in words:
//   keys   [HEAD_DIM / 4, PAGE] of four bytes, then [pairs, PAGE] of two scales: neighbouring positions are neighbours;
//   values [PAGE, HEAD_DIM / 4] of four bytes, then [PAGE, pairs] of two scales: neighbouring dimensions are neighbours.
// A word never holds two positions, so that tokens appended in any order or at once do not meet in one.
alias cache_word = u32;

/// A number is stored as quad * scale; SCALED neighbouring quads share one of the SCALES scales of a head.
const SCALED: u32 = 8;
override SCALES: u32 = (HEAD_DIM + 31) / 32;

/// Quads of a word, and words of a head.
const WORD_QUADS: u32 = 1;
override WORDS: u32 = HEAD_DIM / 4;

override SCALE_PAIRS: u32 = (HEAD_DIM + 63) / 64;

/// First word of a head in a physical page.
fn cache_block(page: u32, kv_head: u32) -> u32 {
  return (page * KV_HEADS + kv_head) * (HEAD_DIM / 4 + SCALE_PAIRS) * PAGE;
}

fn key_word(block: u32, slot: u32, quad: u32) -> u32 {
  return block + quad * PAGE + slot;
}

fn key_scale_word(block: u32, slot: u32, pair: u32) -> u32 {
  return block + (HEAD_DIM / 4 + pair) * PAGE + slot;
}

fn value_word(block: u32, slot: u32, quad: u32) -> u32 {
  return block + slot * (HEAD_DIM / 4) + quad;
}

fn value_scale_word(block: u32, slot: u32, pair: u32) -> u32 {
  return block + HEAD_DIM / 4 * PAGE + slot * SCALE_PAIRS + pair;
}

fn load_keys(block: u32, slot: u32, word: u32) -> cache_word {
  return keys[key_word(block, slot, word)];
}

fn load_values(block: u32, slot: u32, word: u32) -> cache_word {
  return values[value_word(block, slot, word)];
}

/// Quad `part` of a word.
fn quad_of(word: cache_word, part: u32) -> vec4<f32> {
  return vec4<f32>(unpack4xI8(word));
}

fn key_quad(block: u32, slot: u32, quad: u32) -> vec4<f32> {
  return quad_of(load_keys(block, slot, quad), 0);
}

fn key_scale(block: u32, slot: u32, scale: u32) -> f32 {
  return unpack2x16float(keys[key_scale_word(block, slot, scale / 2)])[scale % 2];
}

fn value_quad(block: u32, slot: u32, quad: u32) -> vec4<f32> {
  return quad_of(load_values(block, slot, quad), 0);
}

fn value_scale(block: u32, slot: u32, scale: u32) -> f32 {
  return unpack2x16float(values[value_scale_word(block, slot, scale / 2)])[scale % 2];
}
