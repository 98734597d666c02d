// Q3_K: scale = d * (s - 32), s of 6 bits for 16 weights; q counts from 4: offset = -4 * scale.
// Planes: sub_scales[3b .. 3b+2] are the 12 bytes of block b, of s the low four bits (of groups 0..7 in the low nibbles of eight bytes, of
// 8..15 in the high ones), then the high two (byte g mod 4, bits 2 * (g / 4)); scales packs the f16 d of blocks 2i and 2i+1.
@group(0) @binding(5) var<storage, read> sub_scales: array<u32>;
@group(0) @binding(6) var<storage, read> scales: array<u32>;

struct Scales {
  scale: vec4<f32>,
  offset: vec4<f32>,
}

// Of the four groups j of a unit: 8n + 2j + s.
fn scales_of(unit: u32) -> Scales {
  let block = unit >> 2;
  let shift = 8 * (unit & 1) + 4 * ((unit >> 1) & 1);
  let a = sub_scales[3 * block] >> shift;
  let b = sub_scales[3 * block + 1] >> shift;
  let c = sub_scales[3 * block + 2] >> shift;
  let four = vec4(a, a >> 16, b, b >> 16) & vec4(15u);
  let two = vec4(c << 4, c >> 12, c << 2, c >> 14) & vec4(0x30u);
  let pair = unpack2x16float(scales[block >> 1]);
  let d = select(pair.x, pair.y, (block & 1) == 1);
  let scale = d * vec4<f32>(vec4<i32>(four | two) - vec4(32));
  return Scales(scale, -4.0 * scale);
}
