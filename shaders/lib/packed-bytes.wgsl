// unpack4xI8(word), unpack4xU8(word): the four bytes of a word, the lowest first, as signed or unsigned numbers;
// pack4xI8(numbers): the low bytes of four numbers as such a word. Definitions of the functions that WGSL has where its
// language feature packed_4x8_integer_dot_product is known, to the letter of its section 17.9 (packing) and 17.10.
//
// Composed in front of a kernel only where the browser does not name that feature; they hide its own functions, if any.
// Numerics: exact. Host: nothing.

fn unpack4xU8(word: u32) -> vec4<u32> {
  return (vec4<u32>(word) >> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<u32>(0xffu);
}

fn unpack4xI8(word: u32) -> vec4<i32> {
  return (vec4<i32>(bitcast<i32>(word)) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u);
}

fn pack4xI8(numbers: vec4<i32>) -> u32 {
  let bytes = (bitcast<vec4<u32>>(numbers) & vec4<u32>(0xffu)) << vec4<u32>(0u, 8u, 16u, 24u);
  return bytes.x | bytes.y | bytes.z | bytes.w;
}
