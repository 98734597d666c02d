// One token's product on a processor, of formats whose blocks have 256 weights: see matvec.wgsl for what it computes.
//
// Composed as matvec.wgsl is, but with blocks/<format>.wgsl for all that reads weights, and unrolled by the host.
// Geometry: as matvec.wgsl; a workgroup computes its rows in PASSES, SETS times LANES of W in each, because the code of a
// step has to fit the processor's cache of instructions. What a block's scales have in common is read once a block; a step
// is 32 of its weights, as they lie together. Of each four columns the activations are handed round just before they are
// multiplied: more would not stay in registers.
// Numerics: f32 throughout; a step's activations are multiplied by powers of two (place_values), which is exact above 1e-30.
@compute @workgroup_size(LANES)
fn matvec(
  @builtin(workgroup_id) at: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  lanes: Lanes,
) {
  let workgroup = at.y * workgroups.x + at.x;
  let outputs = select(SETS, SETS / 2, GATED);
  let blocks = params.units_per_row / 4;
  let scale = input_scale(lanes);
  //@ for p in PASSES
  {
    let row = (workgroup * PASSES + {p}) * LANES * outputs + lanes.index;
    //@ for s in SETS
    // A ragged tail computes its last row again rather than reading past the matrix.
    let start_{s} = (min(row + ({s} % outputs) * LANES, params.rows - 1) + ({s} / outputs) * params.up_row) * blocks;
    var sum_{s} = 0.0;
    //@ end
    for (var block = 0u; block < blocks; block++) {
      //@ for s in SETS
      let head_{s} = load_head(start_{s} + block);
      //@ end
      for (var step = 0u; step < 8; step++) {
        //@ for s in SETS
        let quants_{s} = load_quants(start_{s} + block, step);
        var dots_{s}: array<f32, 8>;
        //@ end
        var sums: array<f32, 8>;
        //@ for v in VECTORS_PER_LANE
        let mine_{v} = x[block * 64 + activation_at(step, {v} * LANES + lanes.index)];
        //@ end
        //@ for v in VECTORS_PER_LANE
        let total_{v} = dot(mine_{v}, vec4(1.0));
        let placed_{v} = mine_{v} * place_values({v} * LANES + lanes.index);
        //@ for l in LANES
        {
          let four = subgroupShuffle(placed_{v}, {l});
          sums[{v} * LANES + {l}] = subgroupShuffle(total_{v}, {l});
          //@ for s in SETS
          dots_{s}[{v} * LANES + {l}] = dot(placed_weights(quants_{s}, {v} * LANES + {l}), four);
          //@ end
        }
        //@ end
        //@ end
        //@ for s in SETS
        sum_{s} += scale_step(head_{s}, step, dots_{s}, sums);
        //@ end
      }
    }
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
  }
  //@ end
  finish_workgroup(params.first_workgroup + workgroup, lanes);
}

fn sum_over_rows(of_lane: f32) -> f32 {
  return subgroupAdd(of_lane);
}
