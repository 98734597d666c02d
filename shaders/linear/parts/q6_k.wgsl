// Q6_K by parts of 16 weights: part 8n + t of a block is word t of the n-th 32 bytes of high bits, with the two words of low
// bits that belong to it: weights 128n + 32j + 4t .. + 3 for j = 0..3. Planes as in formats/q6_k.wgsl.
// Composed with runs.wgsl.
@group(0) @binding(3) var<storage, read> low: array<u32>;              // [32 blocks]
@group(0) @binding(4) var<storage, read> high: array<u32>;             // [16 blocks]
@group(0) @binding(5) var<storage, read> sub_scales: array<vec2<u32>>; // [2 blocks]
@group(0) @binding(6) var<storage, read> scales: array<u32>;           // [blocks / 2]

struct Weights {
  low: vec2<u32>,
  high: vec2<u32>, // shifted for the first two quads, and as it is for the others
  scales: vec4<f32>,
}

// Of each four, which has a scale of its own.
fn sums_of(x: array<vec4<f32>, 4>) -> vec4<f32> {
  let ones = vec4(1.0);
  return 32 * vec4(dot(x[0], ones), dot(x[1], ones), dot(x[2], ones), dot(x[3], ones));
}

fn weights_at(part: u32) -> Weights {
  let at = 2 * part - (part & 7); // 32 * block + 16 * n + t
  let top = high[part];
  // Bytes 2j + s of this half's eight, s = t / 4.
  let words = sub_scales[part >> 3] >> vec2((part & 4) << 1);
  let sub = vec4<f32>(vec4(
    unpack4xI8(words.x).x, unpack4xI8(words.x).z, unpack4xI8(words.y).x, unpack4xI8(words.y).z,
  ));
  let block = part >> 4;
  let pair = unpack2x16float(scales[block >> 1]);
  return Weights(
    vec2(low[at], low[at + 8]),
    vec2(top << 4, top),
    sub * select(pair.x, pair.y, (block & 1) == 1),
  );
}

fn numbers(w: Weights, quad: u32) -> vec4<f32> {
  let low = (w.low[quad & 1] >> (4 * (quad >> 1))) & 0x0f0f0f0fu;
  let high = (w.high[quad >> 1] >> (2 * (quad & 1))) & 0x30303030u;
  return floats(low | high);
}

fn weights_of(w: Weights, quad: u32) -> vec4<f32> {
  return numbers(w, quad) * w.scales[quad] - 32.0 * w.scales[quad];
}

fn dot_part(w: Weights, a: Activations) -> f32 {
  let runs = vec4(
    dot(numbers(w, 0), a.x[0]),
    dot(numbers(w, 1), a.x[1]),
    dot(numbers(w, 2), a.x[2]),
    dot(numbers(w, 3), a.x[3]),
  );
  return dot(runs - a.sums, w.scales);
}
