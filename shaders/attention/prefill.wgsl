// Causal attention of many query tokens against the whole cache; tile.wgsl computes it:
//   out = softmax(q k' / sqrt(HEAD_DIM)) v, over the keys up to each token's own; where the step is one picture whose tokens see each
//   other in both directions, up to the last of the step.
// The query heads that share keys and values are rows of one tile, token by token: row = token * SHARING + head, so that
// what is read of the cache serves all of them, however many they are.
//
// Composed with a file of cache/, whose layout it reads; PAGE is a multiple of KEYS.
// Geometry: workgroup = (key head, ROWS rows). Host dispatches (KV_HEADS, ceil(tokens * SHARING / ROWS)). Neighbouring
// invocations load neighbouring positions of keys, and neighbouring dimensions of values. Numerics: f32.
override HEADS: u32;
override KV_HEADS: u32;
override HEAD_DIM: u32;
override PAGE: u32;
override WINDOW: u32; // keys that a position sees, its own included; 0: all
override SHARING: u32 = HEADS / KV_HEADS; // query heads of a key head

struct State {
  position: u32,
  tokens: u32,
  whole: u32, // 1: the step is one picture
}

@group(0) @binding(1) var<storage, read> q: array<vec4<f32>>; // [tokens, HEADS, HEAD_DIM / 4]
@group(0) @binding(2) var<storage, read> keys: array<cache_word>;
@group(0) @binding(3) var<storage, read> values: array<cache_word>;
@group(0) @binding(4) var<storage, read> pages: array<u32>;
@group(0) @binding(5) var<storage, read_write> out: array<vec4<f32>>; // [tokens, HEADS, HEAD_DIM / 4]
@group(0) @binding(7) var<uniform> state: State;

struct Place {
  kv_head: u32,
  row0: u32,
  last_row: u32, // of the step
  first: u32,    // tile of keys that the tile's first row attends to
  keys: u32,     // that the tile's last row attends to
  position: u32, // of the step's first token
}

struct Keys {
  block: u32,
  slot: u32,
  last: u32,
}

/// Where a row's head of its token begins in q and out.
fn row_start(place: Place, row: u32) -> u32 {
  return (row / SHARING * HEADS + place.kv_head * SHARING + row % SHARING) * D4;
}

fn tile_query(place: Place, row: u32, quad: u32) -> vec4<f32> {
  let x = q[row_start(place, min(place.row0 + row, place.last_row)) + min(quad, D4 - 1)];
  return select(vec4<f32>(), x, quad < D4);
}

fn tile_keys(place: Place, key0: u32) -> Keys {
  return Keys(cache_block(pages[key0 / PAGE], place.kv_head), key0 % PAGE, place.keys - 1 - key0);
}

fn tile_key(here: Keys, key: u32, quad: u32) -> vec4<f32> {
  let slot = here.slot + min(key, here.last);
  return key_scale(here.block, slot, quad / SCALED) * key_quad(here.block, slot, quad);
}

fn tile_value(here: Keys, key: u32, quad: u32) -> vec4<f32> {
  let slot = here.slot + key;
  return value_scale(here.block, slot, quad / SCALED) * value_quad(here.block, slot, quad);
}

/// A key is visible to the tokens at its own position and after, as far as their window goes.
fn tile_visible(place: Place, key: u32, row: u32) -> vec4<bool> {
  let rows = min(vec4(place.row0 + row) + QUADS * vec4<u32>(0, 1, 2, 3), vec4(place.last_row));
  let positions = place.position + rows / SHARING;
  let is_seen = select(vec4(true), vec4(key) + WINDOW > positions, WINDOW > 0);
  return is_seen & (vec4(key) <= select(positions, vec4(place.keys - 1), state.whole > 0));
}

fn tile_write(place: Place, row: u32, quad: u32, x: vec4<f32>) {
  if (place.row0 + row <= place.last_row) {
    out[row_start(place, place.row0 + row) + quad] = x;
  }
}

fn fill_key(at: u32) -> u32 {
  return at % KEYS;
}

fn fill_quad(at: u32) -> u32 {
  return at / KEYS;
}

@compute @workgroup_size(LANES)
fn attention_prefill(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row0 = workgroup.y * ROWS;
  let last_row = state.tokens * SHARING - 1;
  let seen_tokens = select(min(row0 + ROWS - 1, last_row) / SHARING + 1, state.tokens, state.whole > 0);
  let keys = state.position + seen_tokens;
  let position = state.position + row0 / SHARING;
  let seen = select(0u, position + 1 - min(WINDOW, position + 1), WINDOW > 0);
  attend(Place(workgroup.x, row0, last_row, seen / KEYS * KEYS, keys, state.position), lane);
}
