// KV cache in 4 bits: a number from 0 to 15 each, and for 32 neighbouring dimensions of a head (the last of a head may be fewer)
// a range, which is a step and a least number in f16: x = number * step + least. No feature needed. Read through the functions
// below; a kernel that is composed with this file declares   keys, values: array<cache_word>   and   the overrides KV_HEADS,
// HEAD_DIM, PAGE.
// Of each head in each page of PAGE positions (page = pages[position / PAGE], slot = position % PAGE), in words:
//   keys   [WORDS, PAGE] of eight numbers, then [RANGES, PAGE] of a range: neighbouring positions are neighbours;
//   values [PAGE, WORDS] of eight numbers, then [PAGE, RANGES] of a range: neighbouring dimensions are neighbours.
// The low halves of a word's bytes are its first quad, the high halves its second. A word never holds two positions, so that
// tokens appended in any order or at once do not meet in one.
alias cache_word = u32;

/// Numbers come whole out of what is loaded: no scale is left for the kernel.
override SCALED: u32 = HEAD_DIM / 4;
override SCALES: u32 = 1;

/// Quads of a word, and words of a head. Past the head's end a word holds zeros, which stand for the least number.
const WORD_QUADS: u32 = 2;
override WORDS: u32 = (HEAD_DIM + 7) / 8;

override RANGES: u32 = (HEAD_DIM + 31) / 32;

/// First word of a head in a physical page.
fn cache_block(page: u32, kv_head: u32) -> u32 {
  return (page * KV_HEADS + kv_head) * (WORDS + RANGES) * PAGE;
}

fn key_word(block: u32, slot: u32, word: u32) -> u32 {
  return block + word * PAGE + slot;
}

fn key_range_word(block: u32, slot: u32, range: u32) -> u32 {
  return block + (WORDS + range) * PAGE + slot;
}

fn value_word(block: u32, slot: u32, word: u32) -> u32 {
  return block + slot * WORDS + word;
}

fn value_range_word(block: u32, slot: u32, range: u32) -> u32 {
  return block + WORDS * PAGE + slot * RANGES + range;
}

struct Octet {
  numbers: u32,
  range: u32, // f16: the step, the least number
}

fn load_keys(block: u32, slot: u32, word: u32) -> Octet {
  return Octet(keys[key_word(block, slot, word)], keys[key_range_word(block, slot, word / 4)]);
}

fn load_values(block: u32, slot: u32, word: u32) -> Octet {
  return Octet(values[value_word(block, slot, word)], values[value_range_word(block, slot, word / 4)]);
}

/// Quad `part` of a word. number * step is exact in f32, so it does not matter whether a device adds fused.
fn quad_of(word: Octet, part: u32) -> vec4<f32> {
  let range = unpack2x16float(word.range);
  let numbers = vec4<f32>(unpack4xU8((word.numbers >> (4 * part)) & 0x0f0f0f0fu));
  return numbers * range.x + range.y;
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
