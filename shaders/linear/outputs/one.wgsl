// matmul and columns: all rows belong to one output.
fn finish_at(token: u32, row: u32, product: f32) {
  finish(token * params.y_stride + row, row, product);
}
