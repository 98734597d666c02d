// matmul: Y = gelu(WX + bias), gelu(v) = v * Phi(v) = v / 2 * (1 + erf(v / sqrt(2))), the exact GELU (Hendrycks and
// Gimpel 2016), not its tanh approximation.
//
// WGSL has no erf, and 1 + erf cancels for negative v; so gelu(v) = max(v, 0) - |v| * Phi(-|v|), where the upper tail
// Phi(-a) = exp(-a^2 / 2) * t * P(t), t = 1 / (1 + 0.275 a), has the form of Abramowitz and Stegun 7.1.26 with a P of
// degree 8, fitted for relative error (minimax on 0 <= a <= 13: 3.6e-8; their degree 4 gives 1.5e-7, and only absolute).
// Numerics: within 2^-23 |v| + 1e-7 of the exact value; for -3 < v, also to a relative 1e-6.
@group(0) @binding(8) var<storage, read> bias: array<f32>; // [rows of the whole matrix]

fn upper_tail(a: f32) -> f32 {
  let t = 1 / (1 + 0.275 * a);
  var p = 0.0258638356;
  p = p * t - 0.104099765;
  p = p * t + 0.116105281;
  p = p * t - 0.0185399298;
  p = p * t + 0.0761738792;
  p = p * t + 0.0841159299;
  p = p * t + 0.100833274;
  p = p * t + 0.109848388;
  p = p * t + 0.109699123;
  return exp(-0.5 * a * a) * t * p;
}

fn gelu(v: f32) -> f32 {
  // Past 13 the tail is 0 in f32. max(v, 0) is spelt out, because max() may turn a NaN into 0.
  let a = min(abs(v), 13.0);
  return 0.5 * (v + abs(v)) - a * upper_tail(a);
}

fn finish(at: u32, row: u32, product: f32) {
  y[at] = gelu(product + bias[row]);
}
