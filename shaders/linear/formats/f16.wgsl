// F16 and BF16 on the GPU: numbers of 16 bits, two to a u32, rows padded with zeros to a multiple of 32. Needs no feature. Composed
// with numbers/f16.wgsl or numbers/bf16.wgsl.
@group(0) @binding(3) var<storage, read> halves: array<vec4<u32>>;

fn unpack8(pairs: vec4<u32>) -> array<vec4<f32>, 2> {
  return array(
    vec4(pair_of(pairs.x), pair_of(pairs.y)),
    vec4(pair_of(pairs.z), pair_of(pairs.w)),
  );
}

fn dequantize16(group: u32) -> array<vec4<f32>, 4> {
  let a = unpack8(halves[2 * group]);
  let b = unpack8(halves[2 * group + 1]);
  return array(a[0], a[1], b[0], b[1]);
}
