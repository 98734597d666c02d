// F16 and BF16, 32 weights times 32 activations. Composed with plain-dot.wgsl.
fn dot_unit(unit: u32, a: Activations) -> f32 {
  let w0 = unpack8(halves[4 * unit]);
  let w1 = unpack8(halves[4 * unit + 1]);
  let w2 = unpack8(halves[4 * unit + 2]);
  let w3 = unpack8(halves[4 * unit + 3]);
  return dot(w0[0], a.x[0]) + dot(w0[1], a.x[1]) + dot(w1[0], a.x[2]) + dot(w1[1], a.x[3])
    + dot(w2[0], a.x[4]) + dot(w2[1], a.x[5]) + dot(w3[0], a.x[6]) + dot(w3[1], a.x[7]);
}
