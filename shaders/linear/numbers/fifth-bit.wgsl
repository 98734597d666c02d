// Numbers of five bits: see nibbles.wgsl. Plane: high[b], of which bit i is the fifth of weight i of block b.
@group(0) @binding(5) var<storage, read> high: array<u32>;

fn bits_of(block: u32) -> u32 {
  return high[block];
}

fn number4(nibbles: u32, bits: u32, first: u32) -> vec4<f32> {
  // Four bits, each a copy of all of them in a byte of its own.
  let fifth = ((((bits >> first) & 15) * 0x00204081u) & 0x01010101u) << 4;
  return vec4<f32>(vec4<i32>(unpack4xU8(nibbles | fifth)));
}
