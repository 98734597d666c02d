// Writes to a KV cache in 16 bits, half an octet at a time. Composed behind f16-layout.wgsl.
//
// Numerics: to nearest, ties to even, made of integers, so that every device stores the same bits: WGSL leaves open how
// pack2x16float rounds, and what it makes of numbers that are too large. Those become the largest that there is, 65504. What is
// infinite or no number becomes no number, and spoils what is computed from it.
alias cache_word = vec2<u32>;

/// The f16 bits of four numbers.
fn halves(x: vec4<f32>) -> vec4<u32> {
  let bits = bitcast<vec4<u32>>(x);
  let magnitude = bits & vec4(0x7fffffffu);
  let normal = ((magnitude + 0xfffu + ((magnitude >> vec4(13u)) & vec4(1u))) >> vec4(13u)) - (112u << 10);
  // Below 2^-14 f16 counts in steps of 2^-24, as f32 does from 0.5 on.
  let small = bitcast<vec4<u32>>(bitcast<vec4<f32>>(magnitude) + 0.5) - 0x3f000000u;
  let finite = min(select(normal, small, magnitude < vec4(0x38800000u)), vec4(0x7bffu));
  let rounded = select(finite, vec4(0x7e00u), magnitude >= vec4(0x7f800000u));
  return rounded | ((bits >> vec4(16u)) & vec4(0x8000u));
}

/// What is stored of four dimensions. Every invocation of the workgroup calls it, once.
fn encode_quad(x: vec4<f32>, quad: u32, lane: u32) -> cache_word {
  let h = halves(x);
  return vec2(h.x | (h.y << 16), h.z | (h.w << 16));
}

fn append_key(block: u32, slot: u32, quad: u32, x: cache_word) {
  keys[2 * key_octet(block, slot, quad / 2) + quad % 2] = x;
  if (quad % 2 == 0 && quad + 1 == HEAD_DIM / 4) {
    keys[2 * key_octet(block, slot, quad / 2) + 1] = vec2<u32>();
  }
}

fn append_value(block: u32, slot: u32, quad: u32, x: cache_word) {
  values[2 * value_octet(block, slot, quad / 2) + quad % 2] = x;
  if (quad % 2 == 0 && quad + 1 == HEAD_DIM / 4) {
    values[2 * value_octet(block, slot, quad / 2) + 1] = vec2<u32>();
  }
}
