// matmul: Y += WX + bias, the residual branch of a block without layer scale.
@group(0) @binding(8) var<storage, read> bias: array<f32>; // [rows of the whole matrix]

fn finish(at: u32, row: u32, product: f32) {
  y[at] += product + bias[row];
}
