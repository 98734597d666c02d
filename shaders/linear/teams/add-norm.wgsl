// y += product, and the first half of the RMSNorm that follows: weighted = norm weight * y, and the sum of y^2 over the
// workgroup's rows, one partial sum a workgroup behind the weighted values. Whoever multiplies them next adds up the
// partial sums (half-normed.wgsl), so that the norm takes no launch of its own. Workgroups that have no row write zero where
// a vector of partial sums is to be filled, and nothing past the last one.
@group(0) @binding(8) var<storage, read> norm: array<f32>;           // [rows]
@group(0) @binding(9) var<storage, read_write> weighted: array<f32>; // [norm_start], then norm_sums

struct Before {
  y: f32,
  norm: f32,
}

var<workgroup> squares_of_rows: array<f32, TEAMS * OUTPUTS>;

fn before_row(row: u32) -> Before {
  return Before(y[row], norm[row]);
}

fn finish_row(row: u32, product: f32, before: Before, is_mine: bool) {
  if (is_mine) {
    let next = before.y + product;
    y[row] = next;
    weighted[row] = before.norm * next;
  }
}

/// Every invocation must call.
fn finish_workgroup(workgroup: u32, row: u32, product: f32, before: Before, is_mine: bool, index: u32) {
  let next = before.y + product;
  if (index % TEAM < OUTPUTS) {
    squares_of_rows[index / TEAM * OUTPUTS + index % TEAM] = select(0.0, next * next, is_mine);
  }
  workgroupBarrier();
  if (index == 0 && workgroup < params.norm_sums) {
    var total = 0.0;
    //@ for t in TEAMS
    //@ for o in OUTPUTS
    total += squares_of_rows[{t}u * OUTPUTS + {o}u];
    //@ end
    //@ end
    weighted[params.norm_start + workgroup] = total;
  }
}
