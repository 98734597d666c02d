// y[t, i] = (x[t, i] - mean) * rsqrt(variance + epsilon) * weight[i] + bias[i], mean and (biased) variance of row t.
//
// Composed with lib/reduce-*.wgsl.
// Geometry: one workgroup a token; host dispatches (tokens) folded over two dimensions. Strides may exceed columns; the
// padding of y is left alone.
// Numerics: f32; the variance is summed from x - mean, because E[x^2] - mean^2 cancels where the mean is large.
struct Params {
  columns: u32,
  x_stride: u32, // floats
  y_stride: u32, // floats
  epsilon: f32,
}

struct State {
  position: u32,
  tokens: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;       // [tokens, x_stride]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [tokens, y_stride]
@group(0) @binding(3) var<storage, read> weight: array<f32>;  // [columns]
@group(0) @binding(4) var<storage, read> bias: array<f32>;    // [columns]
@group(0) @binding(7) var<uniform> state: State;

@compute @workgroup_size(WORKGROUP_SIZE)
fn layer_norm(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  lanes: Lanes,
) {
  let token = workgroup.y * workgroups.x + workgroup.x;
  if (token >= state.tokens) {
    return;
  }
  let source = token * params.x_stride;
  let target_row = token * params.y_stride;
  let count = f32(params.columns);
  var sum = 0.0;
  for (var i = lanes.index; i < params.columns; i += WORKGROUP_SIZE) {
    sum += x[source + i];
  }
  let mean = workgroup_sum(vec4(sum, 0, 0, 0), lanes).x / count;
  var squares = 0.0;
  for (var i = lanes.index; i < params.columns; i += WORKGROUP_SIZE) {
    let difference = x[source + i] - mean;
    squares += difference * difference;
  }
  let variance = workgroup_sum(vec4(squares, 0, 0, 0), lanes).x / count;
  let scale = 1.0 / sqrt(variance + params.epsilon);
  for (var i = lanes.index; i < params.columns; i += WORKGROUP_SIZE) {
    y[target_row + i] = (x[source + i] - mean) * scale * weight[i] + bias[i];
  }
}
