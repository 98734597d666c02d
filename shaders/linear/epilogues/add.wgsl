// matmul, columns and matvec: Y += WX.
fn finish(at: u32, row: u32, product: f32) {
  y[at] += product;
}
