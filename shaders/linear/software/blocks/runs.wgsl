// Steps of blocks of Q2_K, Q3_K and Q6_K: step 4n + 2s + h of a block is half h of the runs j = 0..3 at 128n + 32j + 16s that share
// their bytes: eight weights of each, fours c = 2j and 2j + 1 of the step.

// The four columns of the block, in fours, that meet four c.
fn activation_at(step: u32, c: u32) -> u32 {
  return 32 * (step >> 2) + 2 * (step & 3) + 8 * (c >> 1) + (c & 1);
}

// Weights stay in their places in the word, which saves shifting them; their activations are divided by 2^place instead.
fn place_values(c: u32) -> vec4<f32> {
  return vec4(1, 0x1p-8, 0x1p-16, 0x1p-24);
}

fn of_runs(fours: array<f32, 8>) -> vec4<f32> {
  return vec4(fours[0] + fours[1], fours[2] + fours[3], fours[4] + fours[5], fours[6] + fours[7]);
}
