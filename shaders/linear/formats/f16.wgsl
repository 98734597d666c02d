// F16 on the GPU: plain halves, two to a u32, rows padded with zeros to a multiple of 32. Needs no feature.
@group(0) @binding(3) var<storage, read> halves: array<vec4<u32>>;

fn unpack8(pairs: vec4<u32>) -> array<vec4<f32>, 2> {
  return array(
    vec4(unpack2x16float(pairs.x), unpack2x16float(pairs.y)),
    vec4(unpack2x16float(pairs.z), unpack2x16float(pairs.w)),
  );
}

fn dequantize16(group: u32) -> array<vec4<f32>, 4> {
  let a = unpack8(halves[2 * group]);
  let b = unpack8(halves[2 * group + 1]);
  return array(a[0], a[1], b[0], b[1]);
}
