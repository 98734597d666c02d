// A scale d for 32 weights, and numbers that count from MIDDLE: offset = -MIDDLE * d.
// Plane: scales packs the f16 d of blocks 2i and 2i+1.
override MIDDLE: f32 = 0.0;

@group(0) @binding(4) var<storage, read> scales: array<u32>;

fn scale_and_offset(block: u32) -> vec2<f32> {
  let pair = unpack2x16float(scales[block >> 1]);
  let d = select(pair.x, pair.y, (block & 1) == 1);
  return vec2(d, -MIDDLE * d);
}
