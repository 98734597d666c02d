// matmul: Y += layer_scale * (WX + bias), the residual branch of a block with layer scale (Touvron et al. 2021, "Going
// deeper with Image Transformers", eq. 3).
@group(0) @binding(8) var<storage, read> bias: array<f32>;        // [rows of the whole matrix]
@group(0) @binding(9) var<storage, read> layer_scale: array<f32>; // [rows of the whole matrix]

fn finish(at: u32, row: u32, product: f32) {
  y[at] += layer_scale[row] * (product + bias[row]);
}
