// KV cache in f32. Read through the functions below; a kernel that is composed with this file declares
//   keys, values: array<cache_word>   and   the overrides KV_HEADS, HEAD_DIM, PAGE.
// In pages of PAGE positions (page = pages[position / PAGE], slot = position % PAGE):
//   keys   [page, kv head, HEAD_DIM / 4, PAGE] of four dimensions: neighbouring positions are neighbouring words, because
//          in attention an invocation holds one position;
//   values [page, kv head, PAGE, HEAD_DIM / 4] of four dimensions: neighbouring dimensions are neighbours, because there
//          it holds dimensions.
alias cache_word = vec4<f32>;

/// A number is stored as quad * scale; SCALED neighbouring quads share one of the SCALES scales of a head.
override SCALED: u32 = HEAD_DIM / 4;
override SCALES: u32 = 1;

/// Quads of a word, and words of a head.
const WORD_QUADS: u32 = 1;
override WORDS: u32 = HEAD_DIM / 4;

/// First word of a head in a physical page.
fn cache_block(page: u32, kv_head: u32) -> u32 {
  return (page * KV_HEADS + kv_head) * (HEAD_DIM / 4) * PAGE;
}

fn load_keys(block: u32, slot: u32, word: u32) -> cache_word {
  return keys[block + word * PAGE + slot];
}

fn load_values(block: u32, slot: u32, word: u32) -> cache_word {
  return values[block + slot * (HEAD_DIM / 4) + word];
}

/// Quad `part` of a word.
fn quad_of(word: cache_word, part: u32) -> vec4<f32> {
  return word;
}

fn key_quad(block: u32, slot: u32, quad: u32) -> vec4<f32> {
  return load_keys(block, slot, quad);
}

fn key_scale(block: u32, slot: u32, scale: u32) -> f32 {
  return 1.0;
}

fn value_quad(block: u32, slot: u32, quad: u32) -> vec4<f32> {
  return load_values(block, slot, quad);
}

fn value_scale(block: u32, slot: u32, scale: u32) -> f32 {
  return 1.0;
}
