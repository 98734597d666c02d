// matvec: y = Wx.
fn before_row(row: u32) -> f32 {
  return 0.0;
}

fn finish_row(row: u32, product: f32, before: f32, is_mine: bool) {
  if (is_mine) {
    y[row] = product;
  }
}

fn finish_workgroup(workgroup: u32, row: u32, product: f32, before: f32, is_mine: bool, index: u32) {}
