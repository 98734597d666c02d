// What the matrix-vector kernels are told, by the GPU's and by the processor's geometry alike.
//
//   y[first_row + r] = finish(W[r] . n(x)), or, when GATED,
//   y[r] = silu(W[r] . n(x)) * (W[up_row + r] . n(x)),   silu(z) = z / (1 + exp(-z)): the front of SwiGLU, whose two
//   matrices lie in one buffer.
// n is nothing (as-is.wgsl) or the second half of an RMSNorm (half-normed.wgsl); finish stores or adds (epilogues/).
override GATED: bool = false;

struct Params {
  rows: u32, // of y
  units_per_row: u32,
  first_row: u32,
  up_row: u32,
  columns: u32,
  epsilon: f32,
  squares_start: u32,   // vec4s from the start of x to the partial sums of squares
  squares_count: u32,   // vec4s of them
  norm_start: u32,      // floats from the start of `weighted` to its partial sums
  first_workgroup: u32, // of this part of the matrix
  norm_sums: u32,       // partial sums of `weighted`: whole vectors
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>; // [columns / 4]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [all rows]
