// Full attention of a vision transformer, every position of an image tile with every other one and with no other tile:
//   out = softmax(q k' / sqrt(HEAD_DIM)) v, a head at a time; tile.wgsl computes it.
//
// Geometry: workgroup = (head, ROWS positions as queries, image tile). Host dispatches
// (HEADS, ceil(POSITIONS / ROWS), ceil(tokens / POSITIONS)). Neighbouring invocations load neighbouring dimensions.
// Numerics: f32.
override HEADS: u32;
override POSITIONS: u32; // in an image tile

struct State {
  position: u32,
  tokens: u32,
}

@group(0) @binding(1) var<storage, read> q: array<vec4<f32>>; // [tokens, HEADS, HEAD_DIM / 4]; k, v, out the same
@group(0) @binding(2) var<storage, read> k: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> v: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(7) var<uniform> state: State;

struct Place {
  base: u32, // of the head in the first position of the image tile
  row0: u32,
  first: u32, // key
  keys: u32, // positions of the image tile, which are the rows too
}

struct Keys {
  base: u32,
  last: u32,
}

fn tile_query(place: Place, row: u32, quad: u32) -> vec4<f32> {
  let position = min(place.row0 + row, place.keys - 1);
  let x = q[place.base + position * HEADS * D4 + min(quad, D4 - 1)];
  return select(vec4<f32>(), x, quad < D4);
}

fn tile_keys(place: Place, key0: u32) -> Keys {
  return Keys(place.base + key0 * HEADS * D4, place.keys - 1 - key0);
}

fn tile_key(keys: Keys, key: u32, quad: u32) -> vec4<f32> {
  return k[keys.base + min(key, keys.last) * HEADS * D4 + quad];
}

fn tile_value(keys: Keys, key: u32, quad: u32) -> vec4<f32> {
  return v[keys.base + key * HEADS * D4 + quad];
}

fn tile_visible(place: Place, key: u32, row: u32) -> vec4<bool> {
  return vec4(key < place.keys);
}

fn tile_write(place: Place, row: u32, quad: u32, x: vec4<f32>) {
  if (place.row0 + row < place.keys) {
    out[place.base + (place.row0 + row) * HEADS * D4 + quad] = x;
  }
}

fn fill_key(at: u32) -> u32 {
  return at / CHUNK;
}

fn fill_quad(at: u32) -> u32 {
  return at % CHUNK;
}

@compute @workgroup_size(LANES)
fn attention_encoder(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let tile0 = workgroup.z * POSITIONS;
  let positions = min(state.tokens - tile0, POSITIONS);
  let row0 = workgroup.y * ROWS;
  if (row0 >= positions) {
    return;
  }
  attend(Place((tile0 * HEADS + workgroup.x) * D4, row0, 0, positions), lane);
}
