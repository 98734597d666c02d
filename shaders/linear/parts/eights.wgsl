// Where 8 consecutive weights lie among the activations: for the formats that are read in such parts.
const UNIT: u32 = 8;

fn unit_of(part: u32, quad: u32) -> u32 {
  return part >> 2;
}

fn quad_of(part: u32, quad: u32) -> u32 {
  return 2 * (part & 3) + quad;
}
