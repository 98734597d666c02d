// x[t, i] = scale * E[ids[t], i]: the embedding rows of this step's tokens, dequantised.
//
// Composed with linear/formats/<format>.wgsl. A matrix split by rows is one dispatch a part; each writes only the tokens
// whose id lies in its rows.
// Geometry: an invocation writes 16 values. Host dispatches (ceil(groups_per_row / 64), tokens).
struct Params {
  first_row: u32,      // of this part of the matrix
  rows: u32,
  groups_per_row: u32, // of 16 columns
  x_stride: u32,       // vec4s from one token to the next
  scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> ids: array<u32>;           // [tokens]
@group(0) @binding(2) var<storage, read_write> x: array<vec4<f32>>; // [tokens, x_stride]

@compute @workgroup_size(64)
fn gather(@builtin(global_invocation_id) at: vec3<u32>) {
  let group = at.x;
  let token = at.y;
  let row = ids[token] - params.first_row; // wraps to a huge value below first_row
  if (group >= params.groups_per_row || row >= params.rows) {
    return;
  }
  let values = dequantize16(row * params.groups_per_row + group);
  for (var i = 0u; i < 4; i++) {
    let column4 = group * 4 + i;
    if (column4 < params.x_stride) {
      x[token * params.x_stride + column4] = params.scale * values[i];
    }
  }
}
