// F32, 32 weights times 32 activations.
const UNIT: u32 = 32;

struct Activations {
  x: array<vec4<f32>, 8>,
}

fn load_activations(unit: u32) -> Activations {
  var a: Activations;
  for (var i = 0u; i < 8; i++) {
    a.x[i] = x[unit * 8 + i];
  }
  return a;
}

fn dot_unit(unit: u32, a: Activations) -> f32 {
  var sum = vec4<f32>();
  for (var i = 0u; i < 8; i++) {
    sum += weights[8 * unit + i] * a.x[i];
  }
  return sum.x + sum.y + sum.z + sum.w;
}
