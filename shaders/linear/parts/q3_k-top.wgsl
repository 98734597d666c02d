// Q3_K's third bits by parts: see formats/q3_k-top.wgsl.
@group(0) @binding(4) var<storage, read> high: array<u32>; // [8 blocks]

fn top_bits(part: u32) -> u32 {
  return high[8 * (part >> 4) + (part & 7)] >> (4 * ((part >> 3) & 1));
}

// Above the two bits of run j.
fn third(top: u32, j: u32) -> u32 {
  return ((top >> j) & 0x01010101u) << 2;
}
