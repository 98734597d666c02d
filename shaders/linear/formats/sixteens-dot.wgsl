// The formats of sixteens.wgsl, 32 weights times 32 activations: scale * sum(number * x) + offset * sum(x), of which sum(x) is
// shared by all rows.
const UNIT: u32 = 32;

fn activation_at(unit: u32, c: u32) -> u32 {
  return unit * 8 + c;
}

fn sums_of(x: array<vec4<f32>, 8>) -> vec4<f32> {
  return vec4(dot(x[0] + x[1] + x[2] + x[3] + x[4] + x[5] + x[6] + x[7], vec4(1.0)), 0.0, 0.0, 0.0);
}

fn dot_unit(unit: u32, a: Activations) -> f32 {
  let bytes = quants[unit];
  let bits = bits_of(unit);
  let low = bytes & vec4(0x0f0f0f0fu);
  let top = (bytes >> vec4(4u)) & vec4(0x0f0f0f0fu);
  let sum = dot(number4(low.x, bits, 0), a.x[0]) + dot(number4(low.y, bits, 4), a.x[1])
    + dot(number4(low.z, bits, 8), a.x[2]) + dot(number4(low.w, bits, 12), a.x[3])
    + dot(number4(top.x, bits, 16), a.x[4]) + dot(number4(top.y, bits, 20), a.x[5])
    + dot(number4(top.z, bits, 24), a.x[6]) + dot(number4(top.w, bits, 28), a.x[7]);
  let so = scale_and_offset(unit);
  return sum * so.x + a.sums.x * so.y;
}
