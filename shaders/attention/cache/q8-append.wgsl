// Writes to a KV cache in 8 bits: d = max |x| / 127 of a block, rounded to f16; byte = round(x / d) with the rounded d.
// Composed behind q8.wgsl. Eight neighbouring invocations hold a block of 32 dimensions.
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

struct Encoded {
  word: u32,
  scales: u32, // of this block and the next, which may be past the head's end and then weighs nothing
}

/// What is stored of four dimensions. Every invocation of the workgroup calls it, once.
fn encode_quad(x: vec4<f32>, quad: u32, lane: u32) -> Encoded {
  let bits = bitcast<vec4<u32>>(x) & vec4(0x7fffffffu);
  largest[lane] = max(max(bits.x, bits.y), max(bits.z, bits.w));
  workgroupBarrier();
  let scales = block_scale(lane / 8 * 8) | (block_scale((lane / 8 * 8) ^ 8) << 16);
  let bytes = vec4<i32>(clamp(round(x / unpack2x16float(scales).x), vec4(-127.0), vec4(127.0)));
  return Encoded(pack4xI8(bytes), scales);
}

fn append_key(block: u32, slot: u32, quad: u32, x: Encoded) {
  keys[key_word(block, slot, quad)] = x.word;
  if (quad % 16 == 0) {
    keys[key_scale_word(block, slot, quad / 16)] = x.scales;
  }
}

fn append_value(block: u32, slot: u32, quad: u32, x: Encoded) {
  values[value_word(block, slot, quad)] = x.word;
  if (quad % 16 == 0) {
    values[value_scale_word(block, slot, quad / 16)] = x.scales;
  }
}
