// Q3_K in steps. Planes as in formats/pairs.wgsl, q3_k-top.wgsl and scales/q3_k.wgsl. Composed with runs.wgsl and pairs.wgsl.
@group(0) @binding(4) var<storage, read> high: array<vec2<u32>>;
@group(0) @binding(5) var<storage, read> sub_scales: array<u32>;
@group(0) @binding(6) var<storage, read> scales: array<u32>;

struct Head {
  d: f32,
  sub_scales: vec3<u32>,
}

struct Quants {
  pairs: vec2<u32>,
  top: vec2<u32>, // the third bit of run 0 lowest in its byte
}

fn load_head(block: u32) -> Head {
  let pair = unpack2x16float(scales[block >> 1]);
  return Head(
    select(pair.x, pair.y, (block & 1) == 1),
    vec3(sub_scales[3 * block], sub_scales[3 * block + 1], sub_scales[3 * block + 2]),
  );
}

fn load_quants(block: u32, step: u32) -> Quants {
  return Quants(pairs[8 * block + step], high[4 * block + (step & 3)] >> vec2(step & 4));
}

fn placed_weights(q: Quants, c: u32) -> vec4<f32> {
  let third = ((q.top[c & 1] >> (c >> 1)) & 0x01010101u) << 2;
  return placed(pair_bits(q.pairs, c) | third);
}

fn scale_step(head: Head, step: u32, dots: array<f32, 8>, sums: array<f32, 8>) -> f32 {
  let words = head.sub_scales >> vec3(8 * ((step >> 1) & 1) + (step & 4));
  let four = vec4(words.x, words.x >> 16, words.y, words.y >> 16) & vec4(15u);
  let two = vec4(words.z << 4, words.z >> 12, words.z << 2, words.z >> 14) & vec4(0x30u);
  let scale = vec4<f32>(vec4<i32>(four | two) - vec4(32));
  return head.d * dot(of_runs(dots) - 4.0 * of_runs(sums), scale);
}
