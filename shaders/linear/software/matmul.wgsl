// Y[t, first_row + r] = epilogue(sum_i W[r, i] * X[t, i]), many tokens, on a processor: matmul.wgsl is for a GPU.
//
// Composed with matmul-params.wgsl, formats/<format>.wgsl, software/formats/<format>.wgsl and epilogues/<epilogue>.wgsl, and unrolled by the
// host.
// Geometry: a workgroup is one subgroup, the vector unit of one core. A lane holds ROWS rows, LANES apart, times LANES *
// VECTORS tokens in registers. Of four columns at a time each lane loads the activations of its own tokens, which then
// go round by shuffles (see software/load-activations.wgsl). No barrier, no workgroup memory.
// Host dispatches (ceil(rows / (LANES * ROWS)), ceil(tokens / (LANES * VECTORS))).
// Numerics: f32 throughout.
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
    let weights_{r} = load_unit(start_{r} + unit);
    //@ end
    //@ for k in FOURS
    {
      // All loads before all shuffles: in turns, lavapipe takes twice as long for the whole kernel.
      //@ for v in VECTORS
      let mine_{v} = x[source_{v} + unit * FOURS + {k}];
      //@ end
      //@ for v in VECTORS
      //@ for l in LANES
      let x_{v}_{l} = subgroupShuffle(mine_{v}, {l});
      //@ end
      //@ end
      //@ for r in ROWS
      {
        let w = unit_weights(weights_{r}, {k});
        //@ for v in VECTORS
        //@ for l in LANES
        sum_{r}_{v}_{l} += dot(w, x_{v}_{l});
        //@ end
        //@ end
      }
      //@ end
    }
    //@ end
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
