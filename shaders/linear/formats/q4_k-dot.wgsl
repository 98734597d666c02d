// Q4_K, 64 weights (sub-blocks 2i and 2i+1, which share their bytes) times 64 activations.
const UNIT: u32 = 64;

struct Activations {
  x: array<vec4<f32>, 16>,
  // Sums of the first and of the second 32.
  sums: vec2<f32>,
}

fn load_activations(unit: u32) -> Activations {
  var a: Activations;
  var first = vec4<f32>();
  var second = vec4<f32>();
  for (var i = 0u; i < 8; i++) {
    a.x[i] = activation(unit * 16 + i);
    a.x[i + 8] = activation(unit * 16 + 8 + i);
    first += a.x[i];
    second += a.x[i + 8];
  }
  a.sums = vec2(dot(first, vec4(1.0)), dot(second, vec4(1.0)));
  return a;
}

fn dot_unit(unit: u32, a: Activations) -> f32 {
  let b0 = quants[2 * unit];
  let b1 = quants[2 * unit + 1];
  let l0 = b0 & vec4(0x0f0f0f0fu);
  let l1 = b1 & vec4(0x0f0f0f0fu);
  let h0 = (b0 >> vec4(4u)) & vec4(0x0f0f0f0fu);
  let h1 = (b1 >> vec4(4u)) & vec4(0x0f0f0f0fu);
  let low = dot(vec4<f32>(unpack4xU8(l0.x)), a.x[0]) + dot(vec4<f32>(unpack4xU8(l0.y)), a.x[1])
    + dot(vec4<f32>(unpack4xU8(l0.z)), a.x[2]) + dot(vec4<f32>(unpack4xU8(l0.w)), a.x[3])
    + dot(vec4<f32>(unpack4xU8(l1.x)), a.x[4]) + dot(vec4<f32>(unpack4xU8(l1.y)), a.x[5])
    + dot(vec4<f32>(unpack4xU8(l1.z)), a.x[6]) + dot(vec4<f32>(unpack4xU8(l1.w)), a.x[7]);
  let high = dot(vec4<f32>(unpack4xU8(h0.x)), a.x[8]) + dot(vec4<f32>(unpack4xU8(h0.y)), a.x[9])
    + dot(vec4<f32>(unpack4xU8(h0.z)), a.x[10]) + dot(vec4<f32>(unpack4xU8(h0.w)), a.x[11])
    + dot(vec4<f32>(unpack4xU8(h1.x)), a.x[12]) + dot(vec4<f32>(unpack4xU8(h1.y)), a.x[13])
    + dot(vec4<f32>(unpack4xU8(h1.z)), a.x[14]) + dot(vec4<f32>(unpack4xU8(h1.w)), a.x[15]);
  let header = headers[unit >> 2];
  let k = 2 * (unit & 3);
  let sm0 = scale_and_min(header, k);
  let sm1 = scale_and_min(header, k + 1);
  return low * sm0.x - a.sums.x * sm0.y + high * sm1.x - a.sums.y * sm1.y;
}
