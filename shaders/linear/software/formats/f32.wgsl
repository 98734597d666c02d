// F32: 32 weights of a row as they lie, and four of them.
struct Unit {
  weights: array<vec4<f32>, 8>,
}

fn load_unit(unit: u32) -> Unit {
  var u: Unit;
  //@ for k in FOURS
  u.weights[{k}] = weights[unit * 8 + {k}];
  //@ end
  return u;
}

fn unit_weights(u: Unit, k: u32) -> vec4<f32> {
  return u.weights[k];
}
