// Q5_K's fifth bits, for q4_k.wgsl and what is composed with it: bit k of byte l of a block's 32 belongs to weight l of sub-block k.
// Plane: high[2b], [2b+1] are the 32 bytes of block b. Together 176 bytes a block, as in the file.
@group(0) @binding(5) var<storage, read> high: array<vec4<u32>>;

fn top_bits(at: u32) -> vec4<u32> {
  return high[at];
}

// Above the four bits of sub-block k.
fn fifth(top: vec4<u32>, k: u32) -> vec4<u32> {
  return ((top >> vec4(k)) & vec4(0x01010101u)) << vec4(4u);
}
