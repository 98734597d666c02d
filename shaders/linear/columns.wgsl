// Y[t, first_row + r] = finish(sum_i W[r, i] * X[t, i]), up to TOKENS tokens (2, 4 or 8) with one read of the matrix; when PAIRS
// Y[t, r] = finish(silu(sum_i W[r, i] * X[t, i]) * sum_i W[up_row + r, i] * X[t, i]),   silu(z) = z / (1 + exp(-z)):
// the front of SwiGLU, whose two matrices lie in one buffer.
//
// Composed with matmul-params.wgsl, an epilogue (store or add), whose finish() writes a product, outputs/<one or members>.wgsl, which
// say where it belongs, activations.wgsl, parts/<format>.wgsl and lib/team-sums-*.wgsl; written out by its counts
// (kernels/unroll.ts).
// Geometry: a team of TEAM invocations computes four rows of W for all tokens, OUT_ROWS of Y: four, or two and their partners when
// PAIRS. Neighbours take neighbouring parts of the rows (8 or 16 weights). A part is kept as it lies in memory, and four columns of
// it at a time become numbers, once for all tokens: few registers, whatever the number of tokens.
// TEAMS teams a workgroup, each for itself. Host dispatches ceil(rows of Y / (OUT_ROWS TEAMS)) workgroups, over y when there are
// more than 65535, for up to TOKENS tokens and more than none.
// Numerics: f32 throughout; the sum runs over the columns of a part, over parts, then over the team.
@compute @workgroup_size(TEAMS * TEAM)
fn columns(
  @builtin(workgroup_id) at: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let lane = index % TEAM;
  let first = ((at.y * workgroups.x + at.x) * TEAMS + index / TEAM) * OUT_ROWS;
  let parts = params.groups_per_row * 16 / UNIT;
  // Rows and tokens that are not there are computed again rather than read past the end.
  let each = vec4(0u, 1u, 2u, 3u);
  let rows = min(first + each % OUT_ROWS, vec4(params.rows - 1)) + each / OUT_ROWS * params.up_row;
  let starts = rows * parts;
  //@ for t in TOKENS
  let token{t} = min({t}u, state.tokens - 1) * params.x_stride;
  //@ end
  var sums: array<vec4<f32>, TOKENS>; // [t] over rows
  var part = lane;
  //@ for both in PAIRED
  for (; part + TEAM < parts; part += 2 * TEAM) {
    //@ for u in TWICE
    //@ for r in FOUR
    let w{u}_{r} = weights_at(starts[{r}] + part + {u}u * TEAM);
    //@ end
    //@ end
    //@ for u in TWICE
    //@ for c in QUADS
    {
      let quad = activations_of(part + {u}u * TEAM, {c}u);
      //@ for r in FOUR
      let row{r} = weights_of(w{u}_{r}, {c}u);
      //@ end
      //@ for i in FOUR
      let column{i} = vec4(row0[{i}], row1[{i}], row2[{i}], row3[{i}]);
      //@ end
      //@ for t in TOKENS
      let x{t} = x[token{t} + quad];
      //@ end
      //@ for t in TOKENS
      //@ for i in FOUR
      sums[{t}] += x{t}[{i}] * column{i};
      //@ end
      //@ end
    }
    //@ end
    //@ end
  }
  //@ end
  for (; part < parts; part += TEAM) {
    //@ for r in FOUR
    let w{r} = weights_at(starts[{r}] + part);
    //@ end
    //@ for c in QUADS
    {
      let quad = activations_of(part, {c}u);
      //@ for r in FOUR
      let row{r} = weights_of(w{r}, {c}u);
      //@ end
      //@ for i in FOUR
      let column{i} = vec4(row0[{i}], row1[{i}], row2[{i}], row3[{i}]);
      //@ end
      //@ for t in TOKENS
      let x{t} = x[token{t} + quad];
      //@ end
      //@ for t in TOKENS
      //@ for i in FOUR
      sums[{t}] += x{t}[{i}] * column{i};
      //@ end
      //@ end
    }
    //@ end
  }
  let totals = team_sums(
    array<vec4<f32>, TOKENS>(
      //@ for p in PAIRS
      // The gates of two tokens, then their partners, so that a lane gets both of a row.
      vec4(sums[2 * {p}].xy, sums[2 * {p} + 1].xy),
      vec4(sums[2 * {p}].zw, sums[2 * {p} + 1].zw),
      //@ end
      //@ for t in ALONE
      sums[{t}],
      //@ end
    ),
    index,
  );
  //@ for o in ROUNDS
  {
    let mine = lane + {o}u * TEAM;
    let token = mine / OUT_ROWS;
    let row = first + mine % OUT_ROWS;
    var total = 0.0;
    //@ for t in ALONE
    total = select(total, totals[{t}], mine / 4 == {t}u);
    //@ end
    //@ for p in PAIRS
    if (mine / 4 == {p}u) {
      // Its exponential stays finite: what an infinity would become is nowhere promised.
      let gate = totals[2 * {p}];
      total = gate / (1 + exp(min(-gate, 80.0))) * totals[2 * {p} + 1];
    }
    //@ end
    if (token < min(state.tokens, TOKENS) && row < params.rows) {
      finish_at(token, params.first_row + row, total);
    }
  }
  //@ end
}

// Where the activations lie that four columns of a part meet, from the start of a token's.
fn activations_of(part: u32, quad: u32) -> u32 {
  return 8 * unit_of(part, quad) + quad_of(part, quad);
}
