// Y[t, first_row + r] = finish(sum_i W[r, i] * X[t, i]), many tokens; when GATED
// Y[t, r] = finish(silu(sum_i W[r, i] * X[t, i]) * sum_i W[up_row + r, i] * X[t, i]),   silu(z) = z / (1 + exp(-z)):
// the front of SwiGLU, whose two matrices lie in one buffer.
//
// Composed with matmul-params.wgsl, formats/<format>.wgsl, epilogues/<epilogue>.wgsl, whose finish() writes a product, and
// outputs/<one or members>.wgsl, which say where it belongs. Loops of `//@ for` are written out: compilers do not unroll
// loops that they cannot prove finite, and keep numbers in registers only where they see every index.
// Constants of the text (kernels/matmul-tiles.ts): INVOCATIONS compute a tile of TILE_ROWS x TILE_TOKENS in steps of
// FOURS * 4 columns, LANE_ROWS x (4 * LANE_VECTORS) each. The first W_LANES of them dequantise W_EACH runs of 16 weights, those
// from X_FIRST on copy X_EACH vectors of activations. OUT_ROWS: rows of a lane that leave it, half of them when GATED.
// Geometry: host dispatches (ceil(rows / tile rows that leave it), ceil(tokens / TILE_TOKENS)).
// Past the last row and token the last is read again: what comes of it is not written.
// Both tiles hold 4 columns a vector, XOR-swizzled so that eight neighbouring rows fall into different banks.
// Numerics: f32 throughout; the sum runs over the columns in order.
const GROUPS: u32 = FOURS / 4;
const ROW_STRIDE: u32 = TILE_ROWS / LANE_ROWS;
const TOKEN_STRIDE: u32 = TILE_TOKENS / (4 * LANE_VECTORS);
const OUT_TILE: u32 = ROW_STRIDE * OUT_ROWS;

var<workgroup> w_tile: array<vec4<f32>, TILE_ROWS * FOURS>;   // [rows, FOURS]
var<workgroup> x_tile: array<vec4<f32>, TILE_TOKENS * FOURS>; // [tokens, FOURS]

fn tile_at(row: u32, column4: u32) -> u32 {
  return row * FOURS + (column4 ^ ((row >> SWIZZLE_SHIFT) & SWIZZLE_MASK));
}

// Where row f of the tile begins in the matrix, in groups of 16 weights.
fn groups_of(row0: u32, f: u32) -> u32 {
  let row = min(row0 + f % OUT_TILE, params.rows - 1);
  return (row + f / OUT_TILE * params.up_row) * params.groups_per_row;
}

// exp() is kept from infinity, of which WGSL promises nothing.
fn gate_times_up(gate: vec4<f32>, up: vec4<f32>) -> vec4<f32> {
  return gate / (1 + exp(min(-gate, vec4(80.0)))) * up;
}

@compute @workgroup_size(INVOCATIONS)
fn matmul(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row0 = workgroup.x * OUT_TILE;
  let token0 = workgroup.y * TILE_TOKENS;
  // Filling.
  //@ for e in W_EACH
  let w_at_{e} = lane + {e} * W_LANES;
  let w_from_{e} = groups_of(row0, w_at_{e} / GROUPS) + w_at_{e} % GROUPS;
  //@ end
  //@ for e in X_EACH
  let x_at_{e} = lane - X_FIRST + {e} * (INVOCATIONS - X_FIRST);
  let x_from_{e} = min(token0 + x_at_{e} / FOURS, state.tokens - 1) * params.x_stride + x_at_{e} % FOURS;
  //@ end
  // Computing: rows r + ROW_STRIDE * i, tokens t + TOKEN_STRIDE * (4 v + j).
  let r = lane % ROW_STRIDE;
  let t = lane / ROW_STRIDE;

  var sums: array<vec4<f32>, LANE_ROWS * LANE_VECTORS>; // [i][v] over j
  for (var group = 0u; group < params.groups_per_row; group += GROUPS) {
    if (lane < W_LANES) {
      //@ for e in W_EACH
      let w_{e} = dequantize16(w_from_{e} + group);
      //@ end
      //@ for e in W_EACH
      //@ for c in FOUR
      w_tile[tile_at(w_at_{e} / GROUPS, w_at_{e} % GROUPS * 4 + {c})] = w_{e}[{c}];
      //@ end
      //@ end
    }
    if (lane >= X_FIRST) {
      //@ for e in X_EACH
      let x_{e} = x[x_from_{e} + group * 4];
      //@ end
      //@ for e in X_EACH
      x_tile[tile_at(x_at_{e} / FOURS, x_at_{e} % FOURS)] = x_{e};
      //@ end
    }
    workgroupBarrier();
    for (var k = 0u; k < FOURS; k += FOURS_AT_ONCE) {
      //@ for n in FOURS_AT_ONCE
      //@ for v in LANE_VECTORS
      //@ for j in FOUR
      let x_{n}_{v}_{j} = x_tile[tile_at(t + TOKEN_STRIDE * (4 * {v} + {j}), k + {n})];
      //@ end
      //@ end
      //@ for i in LANE_ROWS
      let w_{n}_{i} = w_tile[tile_at(r + ROW_STRIDE * {i}, k + {n})];
      //@ for v in LANE_VECTORS
      sums[{i} * LANE_VECTORS + {v}] +=
        vec4(dot(w_{n}_{i}, x_{n}_{v}_0), dot(w_{n}_{i}, x_{n}_{v}_1), dot(w_{n}_{i}, x_{n}_{v}_2), dot(w_{n}_{i}, x_{n}_{v}_3));
      //@ end
      //@ end
      //@ end
    }
    workgroupBarrier();
  }

  //@ for i in OUT_ROWS
  if (row0 + r + ROW_STRIDE * {i} < params.rows) {
    let output = params.first_row + row0 + r + ROW_STRIDE * {i};
    //@ for v in LANE_VECTORS
    {
      var products = sums[{i} * LANE_VECTORS + {v}];
      if (OUT_ROWS < LANE_ROWS) {
        products = gate_times_up(products, sums[({i} + OUT_ROWS) % LANE_ROWS * LANE_VECTORS + {v}]);
      }
      //@ for j in FOUR
      if (token0 + t + TOKEN_STRIDE * (4 * {v} + {j}) < state.tokens) {
        finish_at(token0 + t + TOKEN_STRIDE * (4 * {v} + {j}), output, products[{j}]);
      }
      //@ end
    }
    //@ end
  }
  //@ end
}
