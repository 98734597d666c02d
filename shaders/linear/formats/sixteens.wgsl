// Blocks of 32 weights whose 16 bytes hold weights 0..15 in the low and 16..31 in the high nibbles:
// weight = number(q) * scale + offset. Composed with numbers/<nibbles, fifth-bit or levels>.wgsl, which says what q is and what
// number it stands for, and with scales/<f16, f16-offset or iq4_xs>.wgsl. Q4_1, Q5_0, Q5_1, IQ4_NL and IQ4_XS.
// Plane: quants[b], the bytes as they are in the file; b counts blocks of 32, of which IQ4_XS has eight in one of its own.
@group(0) @binding(3) var<storage, read> quants: array<vec4<u32>>;

fn dequantize16(group: u32) -> array<vec4<f32>, 4> {
  let block = group >> 1;
  let first = 16 * (group & 1);
  let nibbles = (quants[block] >> vec4(4 * (group & 1))) & vec4(0x0f0f0f0fu);
  let bits = bits_of(block);
  let so = scale_and_offset(block);
  return array(
    number4(nibbles.x, bits, first) * so.x + so.y,
    number4(nibbles.y, bits, first + 4) * so.x + so.y,
    number4(nibbles.z, bits, first + 8) * so.x + so.y,
    number4(nibbles.w, bits, first + 12) * so.x + so.y,
  );
}
