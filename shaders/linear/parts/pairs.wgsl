// Q2_K and Q3_K by parts of 16 weights, a word each. Planes as in formats/pairs.wgsl. Composed with runs.wgsl, q2_k-top.wgsl or
// q3_k-top.wgsl and scales/q2_k.wgsl or q3_k.wgsl.
@group(0) @binding(3) var<storage, read> pairs: array<u32>; // [16 blocks]

struct Weights {
  bytes: u32,
  top: u32,
  scales: Scales,
}

// Of each four, which has a scale of its own.
fn sums_of(x: array<vec4<f32>, 4>) -> vec4<f32> {
  let ones = vec4(1.0);
  return vec4(dot(x[0], ones), dot(x[1], ones), dot(x[2], ones), dot(x[3], ones));
}

fn weights_at(part: u32) -> Weights {
  return Weights(pairs[part], top_bits(part), scales_of(part >> 2));
}

fn numbers(w: Weights, quad: u32) -> vec4<f32> {
  return floats(((w.bytes >> (2 * quad)) & 0x03030303u) | third(w.top, quad));
}

fn weights_of(w: Weights, quad: u32) -> vec4<f32> {
  return numbers(w, quad) * w.scales.scale[quad] + w.scales.offset[quad];
}

fn dot_part(w: Weights, a: Activations) -> f32 {
  let runs = vec4(
    dot(numbers(w, 0), a.x[0]),
    dot(numbers(w, 1), a.x[1]),
    dot(numbers(w, 2), a.x[2]),
    dot(numbers(w, 3), a.x[3]),
  );
  return dot(runs, w.scales.scale) + dot(a.sums, w.scales.offset);
}
