// 8-bit affine, 32 weights times 32 activations, in two halves of 16: scale * sum(q * x) + offset * sum(x).
const UNIT: u32 = 32;

fn activation_at(unit: u32, c: u32) -> u32 {
  return unit * 8 + c;
}

fn sums_of(x: array<vec4<f32>, 8>) -> vec4<f32> {
  return vec4(dot(x[0] + x[1] + x[2] + x[3], vec4(1.0)), dot(x[4] + x[5] + x[6] + x[7], vec4(1.0)), 0, 0);
}

fn dot_unit(unit: u32, a: Activations) -> f32 {
  let q0 = quants[2 * unit];
  let q1 = quants[2 * unit + 1];
  let first = dot(vec4<f32>(unpack4xI8(q0.x)), a.x[0]) + dot(vec4<f32>(unpack4xI8(q0.y)), a.x[1])
    + dot(vec4<f32>(unpack4xI8(q0.z)), a.x[2]) + dot(vec4<f32>(unpack4xI8(q0.w)), a.x[3]);
  let second = dot(vec4<f32>(unpack4xI8(q1.x)), a.x[4]) + dot(vec4<f32>(unpack4xI8(q1.y)), a.x[5])
    + dot(vec4<f32>(unpack4xI8(q1.z)), a.x[6]) + dot(vec4<f32>(unpack4xI8(q1.w)), a.x[7]);
  let so0 = affine[unit * 32 / AFFINE_GROUP];
  let so1 = affine[(unit * 32 + 16) / AFFINE_GROUP];
  return first * so0.x + a.sums.x * so0.y + second * so1.x + a.sums.y * so1.y;
}
