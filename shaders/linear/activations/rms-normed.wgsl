// matvec: the activations RMS-normed, RMSNorm(x)[i] = x[i] * norm[i] * rsqrt(mean(x^2) + epsilon). The root is the same
// for all of x, so it multiplies the finished sums; the squares under it add up while the workgroup walks along x.
//
// Each vector of x must be asked for exactly once by the workgroup. The mean is over `columns`: the padding of x is zero.
@group(0) @binding(7) var<storage, read> norm: array<vec4<f32>>; // [columns / 4], to a whole unit

var<private> squares: vec4<f32>;

fn activation(i: u32) -> vec4<f32> {
  let value = x[i];
  squares += value * value;
  return value * norm[i];
}

/// Every invocation must call, after its last activation().
fn activation_scale(lanes: Lanes) -> f32 {
  let total = workgroup_sum(vec4(dot(squares, vec4(1.0)), 0, 0, 0), lanes).x;
  return 1 / sqrt(total / f32(params.columns) + params.epsilon);
}
