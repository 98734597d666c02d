// IQ4_XS: scale = d * (s - 32), s of 6 bits for 32 weights. Plane: headers[b] of a block of 256, as in the file: d in f16, the high
// two bits of eight s in 16 bits, then the low four of each.
@group(0) @binding(4) var<storage, read> headers: array<vec2<u32>>;

fn scale_and_offset(block: u32) -> vec2<f32> {
  let header = headers[block >> 3];
  let k = block & 7;
  let s = ((header.y >> (4 * k)) & 15) | (((header.x >> (16 + 2 * k)) & 3) << 4);
  return vec2(unpack2x16float(header.x).x * f32(i32(s) - 32), 0.0);
}
