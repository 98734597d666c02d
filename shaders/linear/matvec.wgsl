// y[first_row + r] = sum_i W[r, i] * n(x)[i]   (+ what y held, when ACCUMULATE), one token; or, when GATED,
// y[r] = silu(W[r] . n(x)) * (W[up_row + r] . n(x)),   silu(z) = z / (1 + exp(-z)): the front of SwiGLU, whose two
// matrices lie in one buffer.
//
// Composed with lib/reduce-*.wgsl, formats/<format>.wgsl, formats/<format>-dot.wgsl and activations/<activations>.wgsl,
// which says what n is: nothing, or an RMSNorm.
// Geometry: a workgroup computes 4 rows of W (GATED: 2 and their 2 partners); its invocations walk the row together, a
// unit (32 or 64 weights) each, so that an activation is loaded once for 4 rows. Host dispatches ceil(rows / 4)
// workgroups (GATED: ceil(rows / 2)), over y when there are more than 65535. x must be readable (zero) up to a whole unit
// past the last column.
// Numerics: f32 throughout; the sum runs over lanes, then by the workgroup reduction.
override ACCUMULATE: bool = false;
override GATED: bool = false;

struct Params {
  rows: u32, // of y
  units_per_row: u32,
  first_row: u32,
  columns: u32,
  epsilon: f32,
  up_row: u32,
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
  let outputs = select(4u, 2u, GATED);
  let row = (workgroup.y * workgroups.x + workgroup.x) * outputs;
  // A ragged tail computes its last row again rather than reading past the matrix.
  var rows = min(vec4(row, row + 1, row + 2, row + 3), vec4(params.rows - 1));
  if (GATED) {
    rows = vec4(rows.xy, rows.xy + params.up_row);
  }
  let starts = rows * params.units_per_row;
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
  if (GATED) {
    let gate = sums.xy;
    sums = vec4(gate / (1 + exp(-gate)) * sums.zw, 0, 0);
  }
  for (var i = lanes.index; i < outputs; i += WORKGROUP_SIZE) {
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
