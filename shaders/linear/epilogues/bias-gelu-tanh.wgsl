// matmul: Y = gelu(WX + bias) by the tangent formula (Hendrycks and Gimpel 2016, section 2), which SigLIP was trained with:
// gelu(v) = v / 2 * (1 + tanh(u)) = v / (1 + exp(-2 u)), u = sqrt(2 / pi) (v + 0.044715 v^3).
//
// Numerics: the quotient has no tanh, whose precision WGSL leaves open, and no 1 + tanh(u), which cancels for negative v;
// within 2^-20 |v| of the formula.
@group(0) @binding(8) var<storage, read> bias: array<f32>; // [rows of the whole matrix]

const TWICE_ROOT: f32 = 1.5957691216057308; // 2 sqrt(2 / pi)

fn gelu(v: f32) -> f32 {
  // Past 13 the quotient is v or, on the other side, nothing: the cube and exp() stay finite, and v itself says what is no number.
  let a = clamp(v, -13.0, 13.0);
  let u2 = max(TWICE_ROOT * (a + 0.044715 * a * a * a), -88.0);
  return v / (1 + exp(-u2));
}

fn finish(at: u32, row: u32, product: f32) {
  y[at] = gelu(product + bias[row]);
}
