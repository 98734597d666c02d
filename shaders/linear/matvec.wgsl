// One token's product: see matvec-params.wgsl for what it computes.
//
// Composed with lib/team-sums-*.wgsl, matvec-params.wgsl, teams/as-is.wgsl or teams/half-normed.wgsl, teams/<epilogue>.wgsl, and
// a walk: teams/by-units.wgsl or teams/by-parts.wgsl, with what each needs of the format; written out by its counts.
// Geometry: a team of TEAM invocations walks 4 * VECTORS rows of W alone, when PAIRS half as many and their partners, TEAMS
// teams a workgroup. Host dispatches ceil(rows of W / (4 VECTORS TEAMS)) workgroups, over y when there are more than 65535.
// x must be readable (zero) up to a whole unit past the last column.
// Numerics: f32 throughout; the sum runs over lanes, then over the team.
@compute @workgroup_size(TEAMS * TEAM)
fn matvec(
  @builtin(workgroup_id) at: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let workgroup = at.y * workgroups.x + at.x;
  let lane = index % TEAM;
  let first = (workgroup * TEAMS + index / TEAM) * OUTPUTS;
  // Each of the first lanes finishes a row, and reads what that takes before the product, so that nothing waits at its end.
  let mine = first + lane % OUTPUTS;
  let is_mine = lane < OUTPUTS && mine < params.rows;
  let out = params.first_row + min(mine, params.rows - 1);
  let before = before_row(out);
  let squares = partial_squares(lane);
  // A ragged tail computes its last row again rather than reading past the matrix.
  //@ for v in VECTORS
  let at{v} = first + {v}u * 4;
  let rows{v} = min(vec4(at{v}, at{v} + 1, at{v} + 2, at{v} + 3), vec4(params.rows - 1));
  //@ end
  //@ for one in PAIRS_OF_TWO
  let pairs0 = vec4(rows0.xy, rows0.xy + params.up_row);
  let products = walk(array<vec4<u32>, VECTORS>(pairs0), lane);
  //@ end
  //@ for one in PAIRS_OF_FOUR
  let products = walk(array<vec4<u32>, VECTORS>(rows0, rows0 + params.up_row), lane);
  //@ end
  //@ for one in ALONE
  let products = walk(
    array<vec4<u32>, VECTORS>(
      //@ for v in VECTORS
      rows{v},
      //@ end
    ),
    lane,
  );
  //@ end
  let sums = team_sums(
    array<vec4<f32>, SUMS>(
      //@ for one in PAIRS_OF_TWO
      products[0].xyxy,
      products[0].zwzw,
      //@ end
      //@ for one in PAIRS_OF_FOUR
      products[0],
      products[1],
      //@ end
      //@ for one in ALONE
      //@ for v in VECTORS
      products[{v}],
      //@ end
      //@ end
      //@ for one in NORMED
      vec4(squares),
      //@ end
    ),
    index,
  );
  let scale = input_scale(sums[SUMS - 1], lane);
  //@ for one in PAIRS
  let gate = sums[0] * scale;
  // Its exponential stays finite: what an infinity would become is nowhere promised.
  let product = gate / (1 + exp(min(-gate, 80.0))) * (sums[1] * scale);
  //@ end
  //@ for one in ALONE
  // Lane 4v + r has row r of vector v.
  var product = sums[0];
  //@ for v in VECTORS
  product = select(product, sums[{v}], lane >> 2 == {v}u);
  //@ end
  product *= scale;
  //@ end
  finish_row(out, product, before, is_mine);
  finish_workgroup(params.first_workgroup + workgroup, out, product, before, is_mine, index);
}
