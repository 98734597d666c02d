// Q2_K and Q3_K, 64 weights times 64 activations. Composed with runs-dot.wgsl.
fn dot_unit(unit: u32, a: Activations) -> f32 {
  let bytes = pairs[unit];
  let top = top_bits(unit);
  let two = vec4(0x03030303u);
  let runs = vec4(
    dot_run((bytes & two) | third(top, 0), a.x[0], a.x[1], a.x[2], a.x[3]),
    dot_run(((bytes >> vec4(2u)) & two) | third(top, 1), a.x[4], a.x[5], a.x[6], a.x[7]),
    dot_run(((bytes >> vec4(4u)) & two) | third(top, 2), a.x[8], a.x[9], a.x[10], a.x[11]),
    dot_run(((bytes >> vec4(6u)) & two) | third(top, 3), a.x[12], a.x[13], a.x[14], a.x[15]),
  );
  let scales = scales_of(unit);
  return dot(runs, scales.scale) + dot(a.sums, scales.offset);
}
