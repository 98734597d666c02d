// The product of matmul.wgsl on a processor with wide vectors: what its loop holds has to fit the processor's cache of
// decoded instructions, so a step is eight columns, not the 32 of a unit.
//
// Composed as matmul.wgsl, with parts/<format>.wgsl too, and unrolled by the host. Geometry and numerics are the same.
// A part p of a unit is its columns 4p .. 4p + 3 and 16 + 4p .. 16 + 4p + 3: what a word of Q4_0 holds.
@compute @workgroup_size(LANES)
fn matmul(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row0 = workgroup.x * (LANES * ROWS) + lane;
  let token0 = workgroup.y * (LANES * VECTORS);
  let units = params.groups_per_row / 2;
  //@ for r in ROWS
  // Ragged tails compute their last row or token again rather than reading past the end.
  let start_{r} = min(row0 + {r} * LANES, params.rows - 1) * units;
  //@ for v in VECTORS
  //@ for l in LANES
  var sum_{r}_{v}_{l} = 0.0;
  //@ end
  //@ end
  //@ end
  //@ for v in VECTORS
  let source_{v} = min(token0 + {v} * LANES + lane, state.tokens - 1) * params.x_stride;
  //@ end
  for (var unit = 0u; unit < units; unit++) {
    //@ for r in ROWS
    let unit_{r} = load_unit(start_{r} + unit);
    //@ end
    for (var part = 0u; part < 4; part++) {
      // All loads, which branch, before all else: what lies between them would be spilled.
      //@ for r in ROWS
      let part_{r} = load_part(start_{r} + unit, part);
      //@ end
      //@ for v in VECTORS
      let low_{v} = x[source_{v} + unit * 8 + part];
      let high_{v} = x[source_{v} + unit * 8 + 4 + part];
      //@ end
      //@ for r in ROWS
      let w_low_{r} = part_weights(unit_{r}, part_{r}, 0);
      let w_high_{r} = part_weights(unit_{r}, part_{r}, 1);
      //@ end
      //@ for v in VECTORS
      //@ for l in LANES
      {
        let x_low = subgroupShuffle(low_{v}, {l});
        let x_high = subgroupShuffle(high_{v}, {l});
        //@ for r in ROWS
        sum_{r}_{v}_{l} += dot(w_low_{r}, x_low) + dot(w_high_{r}, x_high);
        //@ end
      }
      //@ end
      //@ end
    }
  }
  //@ for r in ROWS
  if (row0 + {r} * LANES < params.rows) {
    let output = params.first_row + row0 + {r} * LANES;
    //@ for v in VECTORS
    //@ for l in LANES
    if (token0 + {v} * LANES + {l} < state.tokens) {
      finish((token0 + {v} * LANES + {l}) * params.y_stride + output, output, sum_{r}_{v}_{l});
    }
    //@ end
    //@ end
  }
  //@ end
}
