// Q3_K's third bits, for pairs.wgsl: of weight 128n + 32j + 16s + l bit 4n + j of byte 16s + l of its block's 32.
// Plane: high[2b], [2b+1] are the 32 bytes of block b.
@group(0) @binding(4) var<storage, read> high: array<vec4<u32>>;

// With those of run 0 lowest in their bytes.
fn top_bits(unit: u32) -> vec4<u32> {
  return high[2 * (unit >> 2) + (unit & 1)] >> vec4(4 * ((unit >> 1) & 1));
}

// Above the two bits of run j.
fn third(top: vec4<u32>, j: u32) -> vec4<u32> {
  return ((top >> vec4(j)) & vec4(0x01010101u)) << vec4(2u);
}
