// matvec: the activations RMS-normed, RMSNorm(x)[i] = x[i] * norm[i] * rsqrt(mean(x^2) + epsilon). The root is the same
// for all of x, so it multiplies the finished sums.
//
// The mean is over `columns`: the padding of x is zero.
// Eight rows a workgroup: loading norm beside x costs as much again as x, so twice the rows share it.
const ROW_SETS: u32 = 2;

@group(0) @binding(7) var<storage, read> norm: array<vec4<f32>>; // [columns / 4], to a whole unit

fn activation(i: u32) -> vec4<f32> {
  return x[i] * norm[i];
}

/// Every invocation must call.
fn activation_scale(lanes: Lanes) -> f32 {
  var squares = 0.0;
  for (var i = lanes.index; 4 * i < params.columns; i += WORKGROUP_SIZE) {
    squares += dot(x[i], x[i]);
  }
  let total = workgroup_sum(vec4(squares, 0, 0, 0), lanes).x;
  return 1 / sqrt(total / f32(params.columns) + params.epsilon);
}
