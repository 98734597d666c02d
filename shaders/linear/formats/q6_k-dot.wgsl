// Q6_K, 64 weights times 64 activations: the four runs of 16 (j = 0..3) at 128n + 32j + 16s that share one vector of
// high bits. unit = 4 * block + 2n + s. Each run: sum(q * x) - 32 * sum(x), times its own scale.
const UNIT: u32 = 64;

// Run c / 4, four at a time.
fn activation_at(unit: u32, c: u32) -> u32 {
  return (unit >> 2) * 64 + ((unit >> 1) & 1) * 32 + (unit & 1) * 4 + 8 * (c >> 2) + (c & 3);
}

// Of each run.
fn sums_of(x: array<vec4<f32>, 16>) -> vec4<f32> {
  let ones = vec4(1.0);
  return vec4(
    dot(x[0] + x[1] + x[2] + x[3], ones),
    dot(x[4] + x[5] + x[6] + x[7], ones),
    dot(x[8] + x[9] + x[10] + x[11], ones),
    dot(x[12] + x[13] + x[14] + x[15], ones),
  );
}

fn dot_run(q: vec4<u32>, x0: vec4<f32>, x1: vec4<f32>, x2: vec4<f32>, x3: vec4<f32>) -> f32 {
  return dot(floats(q.x), x0) + dot(floats(q.y), x1)
    + dot(floats(q.z), x2) + dot(floats(q.w), x3);
}

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
