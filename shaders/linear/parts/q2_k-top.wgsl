// Numbers of two bits have no third one: see q3_k-top.wgsl.
fn top_bits(part: u32) -> u32 {
  return 0u;
}

fn third(top: u32, j: u32) -> u32 {
  return 0u;
}
