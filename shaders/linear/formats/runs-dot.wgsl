// Units of 64 weights of Q2_K, Q3_K and Q6_K: the four runs of 16 (j = 0..3) at 128n + 32j + 16s that share their bytes.
// unit = 4 * block + 2n + s.
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
