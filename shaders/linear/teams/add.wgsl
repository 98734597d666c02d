// matvec: y += Wx.
fn before_row(row: u32) -> f32 {
  return y[row];
}

fn finish_row(row: u32, product: f32, before: f32, is_mine: bool) {
  if (is_mine) {
    y[row] = before + product;
  }
}

fn finish_workgroup(workgroup: u32, row: u32, product: f32, before: f32, is_mine: bool, index: u32) {}
