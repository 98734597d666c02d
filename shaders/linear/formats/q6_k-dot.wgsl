// Q6_K, 64 weights times 64 activations. Each run: sum(q * x) - 32 * sum(x), times its own scale. Composed with runs-dot.wgsl.
fn dot_unit(unit: u32, a: Activations) -> f32 {
  let block = unit >> 2;
  let n = (unit >> 1) & 1;
  let s = unit & 1;
  let even = low[8 * block + 4 * n + s];
  let odd = low[8 * block + 4 * n + 2 + s];
  let top = high[unit];
  let nibble = vec4(0x0f0f0f0fu);
  let bits = vec4(0x30303030u);
  let runs = vec4(
    dot_run((even & nibble) | ((top << vec4(4u)) & bits), a.x[0], a.x[1], a.x[2], a.x[3]),
    dot_run((odd & nibble) | ((top << vec4(2u)) & bits), a.x[4], a.x[5], a.x[6], a.x[7]),
    dot_run(((even >> vec4(4u)) & nibble) | (top & bits), a.x[8], a.x[9], a.x[10], a.x[11]),
    dot_run(((odd >> vec4(4u)) & nibble) | ((top >> vec4(2u)) & bits), a.x[12], a.x[13], a.x[14], a.x[15]),
  );
  let words = sub_scales[2 * block + n] >> vec2(8 * s);
  let sub = vec4<f32>(vec4(
    unpack4xI8(words.x).x, unpack4xI8(words.x).z, unpack4xI8(words.y).x, unpack4xI8(words.y).z,
  ));
  return dot(runs - 32 * a.sums, sub) * block_scale(block);
}
