// F32, 32 weights times 32 activations. Composed with plain-dot.wgsl.
fn dot_unit(unit: u32, a: Activations) -> f32 {
  var sum = vec4<f32>();
  for (var i = 0u; i < 8; i++) {
    sum += weights[8 * unit + i] * a.x[i];
  }
  return sum.x + sum.y + sum.z + sum.w;
}
