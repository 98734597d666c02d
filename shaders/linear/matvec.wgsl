// y[first_row + r] = sum_i W[r, i] * n(x)[i]   (+ what y held, when ACCUMULATE), one token.
//
// Composed with lib/reduce-*.wgsl, formats/<format>.wgsl, formats/<format>-dot.wgsl and with activations/<activations>.wgsl,
// which says what n is: nothing, or an RMSNorm.
// Geometry: a workgroup computes 4 rows; its invocations walk the row together, a unit (32 or 64 weights) each, so that
// an activation is loaded once for 4 rows. Host dispatches ceil(rows / 4) workgroups, over y when there are more than
// 65535. x must be readable (zero) up to a whole unit past the last column.
// Numerics: f32 throughout; the sum runs over lanes, then by the workgroup reduction.
override ACCUMULATE: bool = false;

struct Params {
  rows: u32,
  units_per_row: u32,
  first_row: u32,
  columns: u32,
  epsilon: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>; // [columns / 4]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [all rows]

@compute @workgroup_size(WORKGROUP_SIZE)
fn matvec(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  lanes: Lanes,
) {
  let row = (workgroup.y * workgroups.x + workgroup.x) * 4;
  // A ragged tail computes its last row again rather than reading past the matrix.
  let last = params.rows - 1;
  let starts = min(vec4(row, row + 1, row + 2, row + 3), vec4(last)) * params.units_per_row;
  var sums = vec4<f32>();
  for (var unit = lanes.index; unit < params.units_per_row; unit += WORKGROUP_SIZE) {
    let a = load_activations(unit);
    sums += vec4(
      dot_unit(starts.x + unit, a),
      dot_unit(starts.y + unit, a),
      dot_unit(starts.z + unit, a),
      dot_unit(starts.w + unit, a),
    );
  }
  sums = workgroup_sum(sums, lanes) * activation_scale(lanes);
  for (var i = lanes.index; i < 4; i += WORKGROUP_SIZE) {
    if (row + i < params.rows) {
      let out = params.first_row + row + i;
      if (ACCUMULATE) {
        y[out] += sums[i];
      } else {
        y[out] = sums[i];
      }
    }
  }
}
