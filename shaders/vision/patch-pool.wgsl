// The mean of `factor` x `factor` neighbouring patches: out[tile, r, c][k] = mean over dr, dc < factor of
// x[tile, (factor r + dr) * side + factor c + dc][k], for tiles without a class token. Gemma 3's pooling of SigLIP's patches.
//
// Geometry: one invocation a float of `out`, 128 a workgroup; state.tokens counts the tokens of `out`; host dispatches
// ceil(tokens * hidden / 128) folded over two dimensions. The padding of `out` is left alone.
// Numerics: f32, the sum in the order of rows, then one division.
struct Params {
  side: u32,       // patches of a tile's side, a multiple of factor
  factor: u32,
  hidden: u32,
  x_stride: u32,   // floats from one token to the next
  out_stride: u32, // floats from one token to the next
}

struct State {
  position: u32,
  tokens: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;         // [tiles * side * side, x_stride]
@group(0) @binding(2) var<storage, read_write> out: array<f32>; // [tokens, out_stride]
@group(0) @binding(7) var<uniform> state: State;

@compute @workgroup_size(128)
fn patch_pool(
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
  let pooled = params.side / params.factor;
  let tile = token / (pooled * pooled);
  let row = token / pooled % pooled * params.factor;
  let column_of_patches = token % pooled * params.factor;
  let corner = (tile * params.side + row) * params.side + column_of_patches;
  var sum = 0.0;
  for (var down = 0u; down < params.factor; down++) {
    for (var across = 0u; across < params.factor; across++) {
      sum += x[(corner + down * params.side + across) * params.x_stride + column];
    }
  }
  out[token * params.out_stride + column] = sum / f32(params.factor * params.factor);
}
