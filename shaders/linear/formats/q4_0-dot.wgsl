// Q4_0, 32 weights times 32 activations: d * (sum(nibble * x) - 8 * sum(x)); sum(x) is shared by all rows.
const UNIT: u32 = 32;

fn activation_at(unit: u32, c: u32) -> u32 {
  return unit * 8 + c;
}

fn sums_of(x: array<vec4<f32>, 8>) -> vec4<f32> {
  return vec4(dot(x[0] + x[1] + x[2] + x[3] + x[4] + x[5] + x[6] + x[7], vec4(1.0)), 0, 0, 0);
}

fn dot_unit(unit: u32, a: Activations) -> f32 {
  let bytes = quants[unit];
  let low = bytes & vec4(0x0f0f0f0fu);
  let high = (bytes >> vec4(4u)) & vec4(0x0f0f0f0fu);
  let sum = dot(floats(low.x), a.x[0]) + dot(floats(low.y), a.x[1])
    + dot(floats(low.z), a.x[2]) + dot(floats(low.w), a.x[3])
    + dot(floats(high.x), a.x[4]) + dot(floats(high.y), a.x[5])
    + dot(floats(high.z), a.x[6]) + dot(floats(high.w), a.x[7]);
  return (sum - 8 * a.sums.x) * block_scale(unit);
}
