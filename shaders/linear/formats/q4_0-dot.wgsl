// Q4_0, 32 weights times 32 activations: d * (sum(nibble * x) - 8 * sum(x)); sum(x) is shared by all rows.
const UNIT: u32 = 32;

struct Activations {
  x: array<vec4<f32>, 8>,
  sum: f32,
}

fn load_activations(unit: u32) -> Activations {
  var a: Activations;
  var sum = vec4<f32>();
  for (var i = 0u; i < 8; i++) {
    a.x[i] = activation(unit * 8 + i);
    sum += a.x[i];
  }
  a.sum = sum.x + sum.y + sum.z + sum.w;
  return a;
}

fn dot_unit(unit: u32, a: Activations) -> f32 {
  let bytes = quants[unit];
  let low = bytes & vec4(0x0f0f0f0fu);
  let high = (bytes >> vec4(4u)) & vec4(0x0f0f0f0fu);
  let sum = dot(vec4<f32>(unpack4xU8(low.x)), a.x[0]) + dot(vec4<f32>(unpack4xU8(low.y)), a.x[1])
    + dot(vec4<f32>(unpack4xU8(low.z)), a.x[2]) + dot(vec4<f32>(unpack4xU8(low.w)), a.x[3])
    + dot(vec4<f32>(unpack4xU8(high.x)), a.x[4]) + dot(vec4<f32>(unpack4xU8(high.y)), a.x[5])
    + dot(vec4<f32>(unpack4xU8(high.z)), a.x[6]) + dot(vec4<f32>(unpack4xU8(high.w)), a.x[7]);
  return (sum - 8 * a.sum) * block_scale(unit);
}
