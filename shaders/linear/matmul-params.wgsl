// What the matrix products are told, by the GPU's and by the processor's geometry alike:
//   Y[t, first_row + r] = finish(sum_i W[r, i] * X[t, i]), many tokens; finish is one of epilogues/.
struct Params {
  rows: u32,
  groups_per_row: u32, // of 16 columns, even
  first_row: u32,
  x_stride: u32,       // vec4s from one token to the next
  y_stride: u32,       // floats from one token to the next
  up_row: u32,         // of a gated product: the row of W at which the second of the two joined matrices starts
}

struct State {
  position: u32,
  tokens: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>; // [tokens, x_stride]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [tokens, y_stride]
@group(0) @binding(7) var<uniform> state: State;
