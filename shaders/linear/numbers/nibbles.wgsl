// Numbers of four bits. What formats/sixteens.wgsl and its like ask for.
fn bits_of(block: u32) -> u32 {
  return 0u;
}

// The numbers of four columns of a block from `first` on, whose nibbles are a byte each; `bits`: of the block.
fn number4(nibbles: u32, bits: u32, first: u32) -> vec4<f32> {
  return vec4<f32>(vec4<i32>(unpack4xU8(nibbles)));
}
