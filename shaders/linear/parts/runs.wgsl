// Where 16 weights of Q2_K, Q3_K and Q6_K lie among the activations: part 8n + t of a block is four weights of each of four runs,
// 128n + 32j + 4t .. + 3 for j = 0..3.
const UNIT: u32 = 16;

fn unit_of(part: u32, quad: u32) -> u32 {
  return 4 * (part >> 3) + quad;
}

fn quad_of(part: u32, quad: u32) -> u32 {
  return part & 7;
}
