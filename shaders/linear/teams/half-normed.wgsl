// matvec of activations whose RMSNorm is half done: x holds norm weight * x and, from squares_start on, partial sums of
// x^2 (see add-norm.wgsl). The root is the same for all of x, so it multiplies the finished products. Each team adds up the
// partial sums for itself, four loads at a time.
fn partial_squares(lane: u32) -> f32 {
  var squares = vec4<f32>();
  let last = params.squares_count - 1;
  for (var i = lane; i < params.squares_count; i += 4 * TEAM) {
    let i1 = i + TEAM;
    let i2 = i + 2 * TEAM;
    let i3 = i + 3 * TEAM;
    let s0 = x[params.squares_start + i];
    let s1 = x[params.squares_start + min(i1, last)];
    let s2 = x[params.squares_start + min(i2, last)];
    let s3 = x[params.squares_start + min(i3, last)];
    squares += s0 + select(vec4<f32>(), s1, i1 <= last) + select(vec4<f32>(), s2, i2 <= last)
      + select(vec4<f32>(), s3, i3 <= last);
  }
  return dot(squares, vec4(1.0));
}

fn input_scale(squares: f32, lane: u32) -> f32 {
  return 1 / sqrt(squares / f32(params.columns) + params.epsilon);
}
