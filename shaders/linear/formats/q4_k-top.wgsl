// Numbers of four bits have no fifth one: see q5_k-top.wgsl.
fn top_bits(at: u32) -> vec4<u32> {
  return vec4<u32>();
}

fn fifth(top: vec4<u32>, k: u32) -> vec4<u32> {
  return vec4<u32>();
}
