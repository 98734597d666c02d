// Q5_K in steps: the 16 bytes of Q4_K, and 16 bytes of fifth bits, which all sub-blocks share. Composed with k-pairs.wgsl.
@group(0) @binding(3) var<storage, read> quants: array<vec4<u32>>;
@group(0) @binding(5) var<storage, read> high: array<vec4<u32>>;

struct Quants {
  bytes: vec4<u32>,
  top: vec4<u32>, // the fifth bit of sub-block 2i as the lowest of each byte
}

fn load_quants(block: u32, step: u32) -> Quants {
  return Quants(quants[8 * block + step], high[2 * block + (step & 1)] >> vec4(step & 6));
}

// Weights stay in their places in the word, which saves shifting them; their activations are divided by 2^place instead.
fn place_values(c: u32) -> vec4<f32> {
  return vec4(1.0, 0x1p-8, 0x1p-16, 0x1p-24);
}

fn placed_weights(q: Quants, c: u32) -> vec4<f32> {
  let bytes = q.bytes[c & 3];
  let top = q.top[c & 3];
  var five: u32;
  if (c < 4) {
    five = (bytes & 0x0f0f0f0fu) | ((top << 4) & 0x10101010u);
  } else {
    five = ((bytes >> 4) & 0x0f0f0f0fu) | ((top << 3) & 0x10101010u);
  }
  return vec4<f32>(vec4<i32>(vec4(five) & vec4(0xffu, 0xff00, 0xff0000, 0x7f000000)));
}
