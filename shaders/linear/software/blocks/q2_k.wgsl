// Q2_K in steps. Planes as in formats/pairs.wgsl and scales/q2_k.wgsl. Composed with runs.wgsl and pairs.wgsl.
@group(0) @binding(4) var<storage, read> sub_scales: array<vec4<u32>>;
@group(0) @binding(5) var<storage, read> scales: array<u32>;

struct Head {
  d: vec2<f32>, // d and dmin
  sub_scales: vec4<u32>,
}

fn load_head(block: u32) -> Head {
  return Head(unpack2x16float(scales[block]), sub_scales[block]);
}

fn load_quants(block: u32, step: u32) -> vec2<u32> {
  return pairs[8 * block + step];
}

fn placed_weights(q: vec2<u32>, c: u32) -> vec4<f32> {
  return placed(pair_bits(q, c));
}

fn scale_step(head: Head, step: u32, dots: array<f32, 8>, sums: array<f32, 8>) -> f32 {
  let words = select(head.sub_scales.zw, head.sub_scales.xy, step < 4) >> vec2(8 * ((step >> 1) & 1));
  let bytes = vec4(words.x, words.x >> 16, words.y, words.y >> 16);
  let scale = vec4<f32>(vec4<i32>(bytes & vec4(15u)));
  let minimum = vec4<f32>(vec4<i32>((bytes >> vec4(4u)) & vec4(15u)));
  return head.d.x * dot(of_runs(dots), scale) - head.d.y * dot(of_runs(sums), minimum);
}
