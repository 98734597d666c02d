// 8-bit affine, 32 weights times 32 activations, in two halves of 16: scale * sum(q * x) + offset * sum(x).
const UNIT: u32 = 32;

struct Activations {
  x: array<vec4<f32>, 8>,
  sums: vec2<f32>,
}

fn load_activations(unit: u32) -> Activations {
  var a: Activations;
  var first = vec4<f32>();
  var second = vec4<f32>();
  for (var i = 0u; i < 4; i++) {
    a.x[i] = activation(unit * 8 + i);
    a.x[i + 4] = activation(unit * 8 + 4 + i);
    first += a.x[i];
    second += a.x[i + 4];
  }
  a.sums = vec2(dot(first, vec4(1.0)), dot(second, vec4(1.0)));
  return a;
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
