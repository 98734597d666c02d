// One token's product on a processor: see matvec-params.wgsl for what it computes, and matvec.wgsl for a GPU.
//
// Composed as matvec.wgsl is, but with lib/reduce-lanes.wgsl and software/load-activations.wgsl, and unrolled by the host.
// Geometry: a workgroup is one subgroup, the vector unit of one core. A lane computes SETS rows of W, LANES apart, when
// GATED half as many and their partners: no barrier, no reduction, and an activation, loaded once, serves all of them.
// Host dispatches ceil(rows of W / (LANES * SETS)) workgroups, over y when there are more than 65535.
// Numerics: f32 throughout; the sum runs over the units in order.
@compute @workgroup_size(LANES)
fn matvec(
  @builtin(workgroup_id) at: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  lanes: Lanes,
) {
  let workgroup = at.y * workgroups.x + at.x;
  let outputs = select(SETS, SETS / 2, GATED);
  let row = workgroup * LANES * outputs + lanes.index;
  //@ for s in SETS
  // A ragged tail computes its last row again rather than reading past the matrix.
  let start_{s} = (min(row + ({s} % outputs) * LANES, params.rows - 1) + ({s} / outputs) * params.up_row)
    * params.units_per_row;
  var sum_{s} = 0.0;
  //@ end
  for (var unit = 0u; unit < params.units_per_row; unit++) {
    let a = load_activations(unit, lanes.index);
    //@ for s in SETS
    sum_{s} += dot_unit(start_{s} + unit, a);
    //@ end
  }
  let scale = input_scale(lanes);
  var products: array<f32, SETS>;
  //@ for s in SETS
  products[{s}] = sum_{s} * scale;
  //@ end
  for (var s = 0u; s < outputs; s++) {
    let out = params.first_row + row + s * LANES;
    if (row + s * LANES < params.rows) {
      var product = products[s];
      if (GATED) {
        product = product / (1 + exp(-product)) * products[(s + outputs) % SETS];
      }
      finish(out, out, product);
    }
  }
  finish_workgroup(params.first_workgroup + workgroup, lanes);
}

fn sum_over_rows(of_lane: f32) -> f32 {
  return subgroupAdd(of_lane);
}
