// F32 on the GPU: rows padded with zeros to a multiple of 32.
@group(0) @binding(3) var<storage, read> weights: array<vec4<f32>>;

fn dequantize16(group: u32) -> array<vec4<f32>, 4> {
  return array(weights[4 * group], weights[4 * group + 1], weights[4 * group + 2], weights[4 * group + 3]);
}
