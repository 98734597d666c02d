// The first half of an RMSNorm of one token: y[i] = weight[i] * x[i], and behind it the sum of x^2, which the product
// that follows turns into the root (linear/half-normed.wgsl). The other partial sums there become zero.
//
// Composed with lib/reduce-*.wgsl. Geometry: one workgroup. Host dispatches (1).
// Numerics: f32.
struct Params {
  columns: u32,
  sums_start: u32, // floats from the start of y
  sums: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;       // [columns]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [sums_start + sums]
@group(0) @binding(3) var<storage, read> weight: array<f32>;  // [columns]

@compute @workgroup_size(WORKGROUP_SIZE)
fn half_norm(lanes: Lanes) {
  var squares = 0.0;
  for (var i = lanes.index; i < params.columns; i += WORKGROUP_SIZE) {
    let value = x[i];
    squares += value * value;
    y[i] = value * weight[i];
  }
  let total = workgroup_sum(vec4(squares, 0, 0, 0), lanes).x;
  for (var i = lanes.index; i < params.sums; i += WORKGROUP_SIZE) {
    y[params.sums_start + i] = select(0.0, total, i == 0);
  }
}
