// Q4_K and Q5_K, 64 weights (sub-blocks 2i and 2i+1, which share their bytes) times 64 activations.
const UNIT: u32 = 64;

fn activation_at(unit: u32, c: u32) -> u32 {
  return unit * 16 + c;
}

// Of the first and of the second 32.
fn sums_of(x: array<vec4<f32>, 16>) -> vec4<f32> {
  let first = x[0] + x[1] + x[2] + x[3] + x[4] + x[5] + x[6] + x[7];
  let second = x[8] + x[9] + x[10] + x[11] + x[12] + x[13] + x[14] + x[15];
  return vec4(dot(first, vec4(1.0)), dot(second, vec4(1.0)), 0, 0);
}

fn dot_unit(unit: u32, a: Activations) -> f32 {
  let b0 = quants[2 * unit];
  let b1 = quants[2 * unit + 1];
  let k = 2 * (unit & 3);
  let t0 = top_bits(2 * (unit >> 2));
  let t1 = top_bits(2 * (unit >> 2) + 1);
  let l0 = (b0 & vec4(0x0f0f0f0fu)) | fifth(t0, k);
  let l1 = (b1 & vec4(0x0f0f0f0fu)) | fifth(t1, k);
  let h0 = ((b0 >> vec4(4u)) & vec4(0x0f0f0f0fu)) | fifth(t0, k + 1);
  let h1 = ((b1 >> vec4(4u)) & vec4(0x0f0f0f0fu)) | fifth(t1, k + 1);
  let low = dot(floats(l0.x), a.x[0]) + dot(floats(l0.y), a.x[1])
    + dot(floats(l0.z), a.x[2]) + dot(floats(l0.w), a.x[3])
    + dot(floats(l1.x), a.x[4]) + dot(floats(l1.y), a.x[5])
    + dot(floats(l1.z), a.x[6]) + dot(floats(l1.w), a.x[7]);
  let high = dot(floats(h0.x), a.x[8]) + dot(floats(h0.y), a.x[9])
    + dot(floats(h0.z), a.x[10]) + dot(floats(h0.w), a.x[11])
    + dot(floats(h1.x), a.x[12]) + dot(floats(h1.y), a.x[13])
    + dot(floats(h1.z), a.x[14]) + dot(floats(h1.w), a.x[15]);
  let header = headers[unit >> 2];
  let sm0 = scale_and_min(header, k);
  let sm1 = scale_and_min(header, k + 1);
  return low * sm0.x - a.sums.x * sm0.y + high * sm1.x - a.sums.y * sm1.y;
}
