// One token's product: see matvec-params.wgsl for what it computes.
//
// Composed with lib/reduce-*.wgsl, matvec-params.wgsl, as-is.wgsl or half-normed.wgsl, an epilogue, activations.wgsl,
// load-activations.wgsl, formats/<format>.wgsl and formats/<format>-dot.wgsl.
// Geometry: a workgroup computes 4 rows of W, when GATED 2 and their 2 partners; its invocations walk the rows together,
// a unit (32 or 64 weights) each, so that an activation is loaded once for all. Host dispatches ceil(rows of W / 4)
// workgroups, over y when there are more than 65535. x must be readable (zero) up to a whole unit past the last column.
// Numerics: f32 throughout; the sum runs over lanes, then by the workgroup reduction.
@compute @workgroup_size(WORKGROUP_SIZE)
fn matvec(
  @builtin(workgroup_id) at: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  lanes: Lanes,
) {
  let workgroup = at.y * workgroups.x + at.x;
  let outputs = select(4u, 2u, GATED);
  let row = workgroup * outputs;
  // A ragged tail computes its last row again rather than reading past the matrix.
  var rows = min(vec4(row, row + 1, row + 2, row + 3), vec4(params.rows - 1));
  if (GATED) {
    rows = vec4(rows.xy, rows.xy + params.up_row);
  }
  let starts = rows * params.units_per_row;
  var products = vec4<f32>();
  for (var unit = lanes.index; unit < params.units_per_row; unit += WORKGROUP_SIZE) {
    let a = load_activations(unit);
    products += vec4(
      dot_unit(starts.x + unit, a),
      dot_unit(starts.y + unit, a),
      dot_unit(starts.z + unit, a),
      dot_unit(starts.w + unit, a),
    );
  }
  let scale = input_scale(lanes);
  products = workgroup_sum(products, lanes) * scale;
  if (GATED) {
    let gate = products.xy;
    products = vec4(gate / (1 + exp(-gate)) * products.zw, 0, 0);
  }
  // One invocation finishes all rows, so that the sum over them needs no barrier.
  if (lanes.index == 0) {
    for (var i = 0u; i < outputs; i++) {
      if (row + i < params.rows) {
        let out = params.first_row + row + i;
        finish(out, out, products[i]);
      }
    }
  }
  finish_workgroup(params.first_workgroup + workgroup, lanes);
}

fn sum_over_rows(of_first: f32) -> f32 {
  return of_first;
}
