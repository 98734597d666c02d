// A scale and an offset for 32 weights. Plane: scales[b], both in f16.
@group(0) @binding(4) var<storage, read> scales: array<u32>;

fn scale_and_offset(block: u32) -> vec2<f32> {
  return unpack2x16float(scales[block]);
}
