// Q5_K's fifth bits by parts: see formats/q5_k-top.wgsl.
@group(0) @binding(5) var<storage, read> high: array<vec2<u32>>; // [4 blocks]

fn top_bits(at: u32) -> vec2<u32> {
  return high[at];
}

// Above four bits; `k`: by how many sub-blocks further up in each byte.
fn fifth(top: u32, k: u32) -> u32 {
  return ((top >> k) & 0x01010101u) << 4;
}
