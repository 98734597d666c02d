// Numbers of two bits have no third one: see q3_k-top.wgsl.
fn top_bits(unit: u32) -> vec4<u32> {
  return vec4<u32>();
}

fn third(top: vec4<u32>, j: u32) -> vec4<u32> {
  return vec4<u32>();
}
