// Q6_K in steps. Planes as in formats/q6_k.wgsl, read two words at a time. Composed with runs.wgsl.
@group(0) @binding(3) var<storage, read> low: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read> high: array<vec2<u32>>;
@group(0) @binding(5) var<storage, read> sub_scales: array<vec4<u32>>;
@group(0) @binding(6) var<storage, read> scales: array<u32>;

struct Head {
  d: f32,
  sub_scales: vec4<u32>,
}

struct Quants {
  even: vec2<u32>, // runs 0 and 2
  odd: vec2<u32>,  // runs 1 and 3
  top: vec2<u32>,
}

fn load_head(block: u32) -> Head {
  let pair = unpack2x16float(scales[block >> 1]);
  return Head(select(pair.x, pair.y, (block & 1) == 1), sub_scales[block]);
}

fn load_quants(block: u32, step: u32) -> Quants {
  let at = 16 * block + 8 * (step >> 2) + (step & 3);
  return Quants(low[at], low[at + 4], high[8 * block + step]);
}

fn placed_weights(q: Quants, c: u32) -> vec4<f32> {
  let nibble = 0x0f0f0f0fu;
  let bits = 0x30303030u;
  let top = q.top[c & 1];
  var six: u32;
  switch (c >> 1) {
    case 0: { six = (q.even[c & 1] & nibble) | ((top << 4) & bits); }
    case 1: { six = (q.odd[c & 1] & nibble) | ((top << 2) & bits); }
    case 2: { six = ((q.even[c & 1] >> 4) & nibble) | (top & bits); }
    default: { six = ((q.odd[c & 1] >> 4) & nibble) | ((top >> 2) & bits); }
  }
  return vec4<f32>(vec4<i32>(vec4(six) & vec4(0xffu, 0xff00, 0xff0000, 0x7f000000)));
}

fn scale_step(head: Head, step: u32, dots: array<f32, 8>, sums: array<f32, 8>) -> f32 {
  let words = select(head.sub_scales.zw, head.sub_scales.xy, step < 4) << vec2(8 - 8 * ((step >> 1) & 1));
  let signed = bitcast<vec2<i32>>(words);
  let scale = vec4<f32>(vec4(signed.x << 16, signed.x, signed.y << 16, signed.y) >> vec4(24u));
  return head.d * dot(of_runs(dots) - 32 * of_runs(sums), scale);
}
