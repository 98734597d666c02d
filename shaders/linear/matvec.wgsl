// y[first_row + r] = sum_i W[r, i] * n(x)[i]   (+ what y held, when ACCUMULATE), one token; or, when GATED,
// y[r] = silu(W[r] . n(x)) * (W[up_row + r] . n(x)),   silu(z) = z / (1 + exp(-z)): the front of SwiGLU, whose two
// matrices lie in one buffer.
//
// Composed with lib/reduce-*.wgsl, formats/<format>.wgsl, formats/<format>-dot.wgsl and activations/<activations>.wgsl,
// which says what n is: nothing, or an RMSNorm.
// Geometry: a workgroup computes ROW_SETS (of the activations) times 4 rows of W, when GATED 2 and their 2 partners; its
// invocations walk the rows together, a unit (32 or 64 weights) each, so that an activation is loaded once for all. Host
// dispatches ceil(rows of W / 4 / ROW_SETS) workgroups, over y when there are more than 65535. x must be readable (zero)
// up to a whole unit past the last column.
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
  let four_outputs = select(4u, 2u, GATED);
  let row = (workgroup.y * workgroups.x + workgroup.x) * ROW_SETS * four_outputs;
  var starts: array<vec4<u32>, ROW_SETS>;
  for (var four = 0u; four < ROW_SETS; four++) {
    // A ragged tail computes its last row again rather than reading past the matrix.
    let first = row + four * four_outputs;
    var rows = min(vec4(first, first + 1, first + 2, first + 3), vec4(params.rows - 1));
    if (GATED) {
      rows = vec4(rows.xy, rows.xy + params.up_row);
    }
    starts[four] = rows * params.units_per_row;
  }
  var sums: array<vec4<f32>, ROW_SETS>;
  for (var unit = lanes.index; unit < params.units_per_row; unit += WORKGROUP_SIZE) {
    let a = load_activations(unit);
    for (var four = 0u; four < ROW_SETS; four++) {
      sums[four] += vec4(
        dot_unit(starts[four].x + unit, a),
        dot_unit(starts[four].y + unit, a),
        dot_unit(starts[four].z + unit, a),
        dot_unit(starts[four].w + unit, a),
      );
    }
  }
  let scale = activation_scale(lanes);
  for (var four = 0u; four < ROW_SETS; four++) {
    var outputs = workgroup_sum(sums[four], lanes) * scale;
    if (GATED) {
      let gate = outputs.xy;
      outputs = vec4(gate / (1 + exp(-gate)) * outputs.zw, 0, 0);
    }
    let first = row + four * four_outputs;
    for (var i = lanes.index; i < four_outputs; i += WORKGROUP_SIZE) {
      if (first + i < params.rows) {
        let out = params.first_row + first + i;
        if (ACCUMULATE) {
          y[out] += outputs[i];
        } else {
          y[out] = outputs[i];
        }
      }
    }
  }
}
