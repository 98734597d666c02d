// What blocks of Q4_K and Q5_K share: headers, and steps of 32 weights, of which a step 2i + h has weights 16h .. 16h + 15 of
// sub-block 2i (fours c = 0..3 of the step) and of sub-block 2i + 1 (c = 4..7). Planes: see formats/q4_k.wgsl.
@group(0) @binding(4) var<storage, read> headers: array<vec4<u32>>;

struct Head {
  d: vec2<f32>,      // d and dmin
  scales: vec2<u32>, // a byte a sub-block
  mins: vec2<u32>,
}

fn load_head(block: u32) -> Head {
  let h = headers[block];
  let six = 0x3f3f3f3fu;
  let four = 0x0f0f0f0fu;
  let two = 0x30303030u;
  return Head(
    unpack2x16float(h.x),
    vec2(h.y & six, (h.w & four) | ((h.y >> 2) & two)),
    vec2(h.z & six, ((h.w >> 4) & four) | ((h.z >> 2) & two)),
  );
}

// The four columns of the block, in fours, that meet four c.
fn activation_at(step: u32, c: u32) -> u32 {
  return 16 * (step >> 1) + 4 * (step & 1) + 8 * (c >> 2) + (c & 3);
}

fn scale_step(head: Head, step: u32, dots: array<f32, 8>, sums: array<f32, 8>) -> f32 {
  let shift = 16 * ((step >> 1) & 1);
  let s = select(head.scales.y, head.scales.x, step < 4) >> shift;
  let m = select(head.mins.y, head.mins.x, step < 4) >> shift;
  let scale = vec2<f32>(vec2<i32>(vec2(s & 0xff, (s >> 8) & 0xff)));
  let minimum = vec2<f32>(vec2<i32>(vec2(m & 0xff, (m >> 8) & 0xff)));
  return head.d.x * dot(of_sub_blocks(dots), scale) - head.d.y * dot(of_sub_blocks(sums), minimum);
}

fn of_sub_blocks(fours: array<f32, 8>) -> vec2<f32> {
  return vec2(fours[0] + fours[1] + fours[2] + fours[3], fours[4] + fours[5] + fours[6] + fours[7]);
}
