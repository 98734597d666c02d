// Writes to a KV cache in f32, whose words are four numbers. Composed behind f32.wgsl.

/// What is stored of four dimensions. Every invocation of the workgroup calls it, once.
fn encode_quad(x: vec4<f32>, quad: u32, lane: u32) -> cache_word {
  return cache_word(x);
}

fn append_key(block: u32, slot: u32, quad: u32, x: cache_word) {
  keys[block + quad * PAGE + slot] = x;
}

fn append_value(block: u32, slot: u32, quad: u32, x: cache_word) {
  values[block + slot * (HEAD_DIM / 4) + quad] = x;
}
