// Cuts tiles into patches, normalised: row `leading` + p of a tile holds patch p as out[c][ky][kx] = (v / 255 - mean[c]) /
// deviation[c], the order of a convolution's weights, so that a matmul with them is the convolution (stride = patch).
// Where there is a class token, row 0 of a tile is its row and zero, and so is the padding of every row.
//
// Geometry: one invocation a float of `out`, 128 a workgroup; host dispatches ceil(tokens * stride / 128) folded over two
// dimensions.
// Numerics: f32, in the order of operations of the usual preprocessing (divide, subtract, divide).
struct Params {
  tile: u32,       // pixels
  patch_size: u32, // pixels
  side: u32,       // patches, tile / patch_size
  stride: u32,     // floats from one token to the next
  mean: vec3<f32>,
  leading: u32,    // 1 where a class token comes first, else 0
  deviation: vec3<f32>,
}

struct State {
  position: u32,
  tokens: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> pixels: array<u32>;    // [tiles, tile, tile, 3] u8, four a word
@group(0) @binding(2) var<storage, read_write> out: array<f32>; // [tokens, stride]
@group(0) @binding(7) var<uniform> state: State;

@compute @workgroup_size(128)
fn patches(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = (workgroup.y * workgroups.x + workgroup.x) * 128 + lane;
  let token = at / params.stride;
  if (token >= state.tokens) {
    return;
  }
  let positions = params.side * params.side + params.leading;
  let tile = token / positions;
  let position = token % positions;
  let column = at % params.stride;
  let area = params.patch_size * params.patch_size;
  let channel = column / area;
  if (position < params.leading || channel >= 3) {
    out[at] = 0;
    return;
  }
  let cell = column % area;
  let patch_at = position - params.leading;
  let row_in_tile = patch_at / params.side * params.patch_size + cell / params.patch_size;
  let column_in_tile = patch_at % params.side * params.patch_size + cell % params.patch_size;
  let byte = ((tile * params.tile + row_in_tile) * params.tile + column_in_tile) * 3 + channel;
  let value = f32((pixels[byte >> 2] >> (8 * (byte & 3))) & 0xff);
  out[at] = (value / 255 - params.mean[channel]) / params.deviation[channel];
}
