// Joins 2 x 2 neighbouring patches into one token of four times the width and drops the class tokens:
// out[tile, r, c][(2 dr + dc) * hidden + k] = x[tile, 1 + (2 r + dr) * side + 2 c + dc][k].
// InternVL's pixel shuffle, version 2 (token r * side / 2 + c), ratio 0.5.
//
// Geometry: one invocation a float of `out`, 128 a workgroup; state.tokens counts the tokens of `out`; host dispatches
// ceil(tokens * 4 * hidden / 128) folded over two dimensions. The padding of `out` is left alone.
// Numerics: copies.
struct Params {
  side: u32,       // patches of a tile's side, even
  hidden: u32,
  x_stride: u32,   // floats from one token to the next
  out_stride: u32, // floats from one token to the next
}

struct State {
  position: u32,
  tokens: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;         // [tiles * (side * side + 1), x_stride]
@group(0) @binding(2) var<storage, read_write> out: array<f32>; // [tokens, out_stride]
@group(0) @binding(7) var<uniform> state: State;

@compute @workgroup_size(128)
fn pixel_shuffle(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = (workgroup.y * workgroups.x + workgroup.x) * 128 + lane;
  let width = 4 * params.hidden;
  let token = index / width;
  if (token >= state.tokens) {
    return;
  }
  let column = index % width;
  let corner = column / params.hidden; // 2 dr + dc
  let half = params.side / 2;
  let tile = token / (half * half);
  let row = token / half % half * 2 + corner / 2;
  let column_in_row = token % half * 2 + corner % 2;
  let source = tile * (params.side * params.side + 1) + 1 + row * params.side + column_in_row;
  out[token * params.out_stride + column] = x[source * params.x_stride + column % params.hidden];
}
