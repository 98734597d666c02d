// Writes to a KV cache in 8 bits: d = max |x| / 127 of a block, rounded to f16; byte = round(x / d) with the rounded d.
// Composed behind cache/q8.wgsl. Eight neighbouring invocations hold a block of 32 dimensions.
//
// Numerics: magnitudes are compared, and d is rounded, as integers: there a number that is not finite is larger than any
// other and cannot get lost, and every device makes the same scale. d is at least 2^-14, f16's smallest normal number,
// because devices may take smaller ones for zero.

var<workgroup> largest: array<u32, 64>; // bits of max |x| of each invocation's quad

/// The scale's f16 bits (to nearest, ties to even) for the block of 32 that starts at invocation `first`.
fn block_scale(first: u32) -> u32 {
  var bits = 0u;
  for (var i = 0u; i < 8; i++) {
    bits = max(bits, largest[first + i]);
  }
  if (bits >= 0x7f800000u) {
    return 0x7e00u; // not a number: spoils what is read from this block
  }
  let d = bitcast<u32>(max(bitcast<f32>(bits) * (1.0 / 127.0), 0x1p-14));
  return min((d + 0xfffu + ((d >> 13) & 1u)) >> 13, (112u << 10) + 0x7c00u) - (112u << 10);
}

/// What is stored of four dimensions. Every invocation of the workgroup calls it, once.
fn encode_quad(x: vec4<f32>, lane: u32) -> u32 {
  let bits = bitcast<vec4<u32>>(x) & vec4(0x7fffffffu);
  largest[lane] = max(max(bits.x, bits.y), max(bits.z, bits.w));
  workgroupBarrier();
  let d = unpack2x16float(block_scale(lane / 8 * 8)).x;
  return pack4xI8(vec4<i32>(clamp(round(x / d), vec4(-127.0), vec4(127.0))));
}

/// Of two blocks; the second may be past the head's end and then weighs nothing.
fn scale_pair(lane: u32) -> u32 {
  return block_scale(lane) | (block_scale(lane + 8) << 16);
}

fn append_key(block: u32, slot: u32, quad: u32, word: u32, lane: u32) {
  keys[key_word(block, slot, quad)] = word;
  if (quad % 16 == 0) {
    keys[key_scale_word(block, slot, quad / 16)] = scale_pair(lane);
  }
}

fn append_value(block: u32, slot: u32, quad: u32, word: u32, lane: u32) {
  values[value_word(block, slot, quad)] = word;
  if (quad % 16 == 0) {
    values[value_scale_word(block, slot, quad / 16)] = scale_pair(lane);
  }
}
