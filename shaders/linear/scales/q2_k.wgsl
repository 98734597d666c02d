// Q2_K: scale = d * low nibble, offset = -dmin * high nibble of a byte for 16 weights.
// Planes: sub_scales[2b], [2b+1] are the 16 bytes of block b, that of its group 8n + 2j + s at that place; scales[b] = d and dmin in f16.
@group(0) @binding(4) var<storage, read> sub_scales: array<vec2<u32>>;
@group(0) @binding(5) var<storage, read> scales: array<u32>;

struct Scales {
  scale: vec4<f32>,
  offset: vec4<f32>,
}

// Of the four groups j of a unit.
fn scales_of(unit: u32) -> Scales {
  let words = sub_scales[unit >> 1] >> vec2(8 * (unit & 1));
  let bytes = vec4(words.x, words.x >> 16, words.y, words.y >> 16);
  let d = unpack2x16float(scales[unit >> 2]);
  return Scales(
    d.x * vec4<f32>(vec4<i32>(bytes & vec4(15u))),
    -d.y * vec4<f32>(vec4<i32>((bytes >> vec4(4u)) & vec4(15u))),
  );
}
