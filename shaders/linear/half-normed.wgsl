// matvec of activations whose RMSNorm is half done: x holds norm weight * x and, from squares_start on, partial sums of
// x^2 (see epilogues/add-norm.wgsl). The root is the same for all of x, so it multiplies the finished products.
/// Every invocation must call.
fn input_scale(lanes: Lanes) -> f32 {
  var squares = vec4<f32>();
  for (var i = lanes.index; i < params.squares_count; i += WORKGROUP_SIZE) {
    squares += x[params.squares_start + i];
  }
  let total = dot(workgroup_sum(squares, lanes), vec4(1.0));
  return 1 / sqrt(total / f32(params.columns) + params.epsilon);
}
