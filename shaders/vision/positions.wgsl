// x[t] += table[i] with i = t mod positions; for a class token, i = 0 where there is one, x[t] = class_embedding + table[0].
//
// Geometry: one invocation a float, 128 a workgroup; host dispatches ceil(tokens * hidden / 128) folded over two
// dimensions. The padding of x is left alone.
// Numerics: f32, one addition.
struct Params {
  positions: u32, // of a tile, the class token's included
  hidden: u32,
  stride: u32,    // floats from one token to the next
  leading: u32,   // 1 where a class token comes first, else 0
}

struct State {
  position: u32,
  tokens: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;         // [tokens, stride]
@group(0) @binding(2) var<storage, read> class_embedding: array<f32>; // [hidden]
@group(0) @binding(3) var<storage, read> table: array<f32>;           // [positions, hidden]
@group(0) @binding(7) var<uniform> state: State;

@compute @workgroup_size(128)
fn positions(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = (workgroup.y * workgroups.x + workgroup.x) * 128 + lane;
  let token = index / params.hidden;
  if (token >= state.tokens) {
    return;
  }
  let column = index % params.hidden;
  let position = token % params.positions;
  let at = token * params.stride + column;
  var value = x[at];
  if (position < params.leading) {
    value = class_embedding[column];
  }
  x[at] = value + table[position * params.hidden + column];
}
