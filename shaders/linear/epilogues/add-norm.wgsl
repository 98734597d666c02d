// y += product, and the first half of the RMSNorm that follows: weighted = norm weight * y, and the sum of y^2 over the
// workgroup's rows, one partial sum a workgroup behind the weighted values. Whoever multiplies them next adds up the
// partial sums (half-normed.wgsl), so that the norm takes no launch of its own. Only for matvec.
@group(0) @binding(8) var<storage, read> norm: array<f32>;           // [rows]
@group(0) @binding(9) var<storage, read_write> weighted: array<f32>; // [norm_start], then a sum a workgroup

var<private> squares: f32 = 0.0;

fn finish(index: u32, row: u32, value: f32) {
  let next = y[index] + value;
  y[index] = next;
  weighted[index] = norm[row] * next;
  squares += next * next;
}

/// Every invocation must call, once it has finished its rows.
fn finish_workgroup(workgroup: u32, lanes: Lanes) {
  let total = sum_over_rows(squares);
  if (lanes.index == 0) {
    weighted[params.norm_start + workgroup] = total;
  }
}
