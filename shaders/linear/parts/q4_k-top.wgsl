// Numbers of four bits have no fifth one: see q5_k-top.wgsl.
fn top_bits(at: u32) -> vec2<u32> {
  return vec2<u32>();
}

fn fifth(top: u32, k: u32) -> u32 {
  return 0u;
}
