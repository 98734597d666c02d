// Activations as they are, 32 at a time: for formats whose dot product needs nothing else of them.
// Composed before formats/<format>-dot.wgsl.
const UNIT: u32 = 32;

struct Activations {
  x: array<vec4<f32>, 8>,
}

fn load_activations(unit: u32) -> Activations {
  var a: Activations;
  for (var i = 0u; i < 8; i++) {
    a.x[i] = activation(unit * 8 + i);
  }
  return a;
}
