// Q6_K, 64 weights times 64 activations: the four runs of 16 (j = 0..3) at 128n + 32j + 16s that share one vector of
// high bits. unit = 4 * block + 2n + s. Each run: sum(q * x) - 32 * sum(x), times its own scale.
const UNIT: u32 = 64;

struct Activations {
  x: array<vec4<f32>, 16>,
  // sum(x) of each run
  sums: vec4<f32>,
}

fn load_activations(unit: u32) -> Activations {
  var a: Activations;
  let first = (unit >> 2) * 64 + ((unit >> 1) & 1) * 32 + (unit & 1) * 4;
  for (var j = 0u; j < 4; j++) {
    var sum = vec4<f32>();
    for (var i = 0u; i < 4; i++) {
      a.x[4 * j + i] = activation(first + 8 * j + i);
      sum += a.x[4 * j + i];
    }
    a.sums[j] = dot(sum, vec4(1.0));
  }
  return a;
}

fn dot_run(q: vec4<u32>, x0: vec4<f32>, x1: vec4<f32>, x2: vec4<f32>, x3: vec4<f32>) -> f32 {
  return dot(vec4<f32>(unpack4xU8(q.x)), x0) + dot(vec4<f32>(unpack4xU8(q.y)), x1)
    + dot(vec4<f32>(unpack4xU8(q.z)), x2) + dot(vec4<f32>(unpack4xU8(q.w)), x3);
}

fn dot_unit(unit: u32, a: Activations) -> f32 {
  let block = unit >> 2;
  let n = (unit >> 1) & 1;
  let s = unit & 1;
  let even = low[8 * block + 4 * n + s];
  let odd = low[8 * block + 4 * n + 2 + s];
  let top = high[unit];
  let nibble = vec4(0x0f0f0f0fu);
  let bits = vec4(0x30303030u);
  let runs = vec4(
    dot_run((even & nibble) | ((top << vec4(4u)) & bits), a.x[0], a.x[1], a.x[2], a.x[3]),
    dot_run((odd & nibble) | ((top << vec4(2u)) & bits), a.x[4], a.x[5], a.x[6], a.x[7]),
    dot_run(((even >> vec4(4u)) & nibble) | (top & bits), a.x[8], a.x[9], a.x[10], a.x[11]),
    dot_run(((odd >> vec4(4u)) & nibble) | ((top >> vec4(2u)) & bits), a.x[12], a.x[13], a.x[14], a.x[15]),
  );
  let words = sub_scales[2 * block + n] >> vec2(8 * s);
  let sub = vec4<f32>(vec4(
    unpack4xI8(words.x).x, unpack4xI8(words.x).z, unpack4xI8(words.y).x, unpack4xI8(words.y).z,
  ));
  return dot(runs - 32 * a.sums, sub) * block_scale(block);
}
