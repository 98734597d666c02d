// matvec: the activations as they are in x.
const ROW_SETS: u32 = 1;

fn activation(i: u32) -> vec4<f32> {
  return x[i];
}

fn activation_scale(lanes: Lanes) -> f32 {
  return 1;
}
