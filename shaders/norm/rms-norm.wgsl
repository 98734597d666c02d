// y[t, i] = x[t, i] * rsqrt(mean_i(x[t, i]^2) + epsilon) * weight[i], or with ADDS y[t, i] plus that
//
// Composed with lib/reduce-*.wgsl.
// Geometry: one workgroup a token. Host dispatches (tokens), or (1) with LAST_TOKEN, which reads the step's last token
// and writes row 0. Strides may exceed columns; the padding of x is zero and the padding of y is left alone.
// Numerics: f32; the mean is over `columns`, not over the padded stride.
override LAST_TOKEN: bool = false;
override ADDS: bool = false;

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
@group(0) @binding(7) var<uniform> state: State;

@compute @workgroup_size(WORKGROUP_SIZE)
fn rms_norm(@builtin(workgroup_id) workgroup: vec3<u32>, lanes: Lanes) {
  let source = select(workgroup.x, state.tokens - 1, LAST_TOKEN) * params.x_stride;
  let target_row = workgroup.x * params.y_stride;
  var squares = 0.0;
  for (var i = lanes.index; i < params.columns; i += WORKGROUP_SIZE) {
    let value = x[source + i];
    squares += value * value;
  }
  let total = workgroup_sum(vec4(squares, 0, 0, 0), lanes).x;
  let scale = 1.0 / sqrt(total / f32(params.columns) + params.epsilon);
  for (var i = lanes.index; i < params.columns; i += WORKGROUP_SIZE) {
    y[target_row + i] = select(0.0, y[target_row + i], ADDS) + x[source + i] * scale * weight[i];
  }
}
