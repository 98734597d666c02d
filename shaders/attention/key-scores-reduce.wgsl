// Adds what key-scores.wgsl found in one step, over query tiles and heads in a fixed order, to the running scores:
//   scores[j] += sum over tiles and heads of partials[tile, head, j]
// Tiles whose queries are all before `first_query` have written nothing and are left out.
//
// Geometry: an invocation handles one key of the block. Host dispatches ceil(room for keys / 64); those past
// `block.count` return at once. Numerics: f32.
override HEADS: u32;

const QUERIES: u32 = 16; // of key-scores.wgsl

struct State {
  position: u32,
  tokens: u32,
}

struct Block {
  first_query: u32, // absolute positions
  start: u32,
  count: u32,
}

@group(0) @binding(1) var<storage, read> partials: array<f32>; // [ceil(tokens / QUERIES), HEADS, block.count]
@group(0) @binding(2) var<storage, read_write> scores: array<f32>; // [block.count]
@group(0) @binding(7) var<uniform> state: State;
@group(0) @binding(8) var<uniform> block: Block;

@compute @workgroup_size(64)
fn key_scores_reduce(@builtin(global_invocation_id) at: vec3<u32>) {
  let j = at.x;
  if (j >= block.count || block.first_query >= state.position + state.tokens) {
    return;
  }
  let before = max(block.first_query, state.position) - state.position;
  let first_tile = before / QUERIES;
  let tiles = (state.tokens + QUERIES - 1) / QUERIES;
  var sum = 0.0;
  for (var row = first_tile * HEADS; row < tiles * HEADS; row++) {
    sum += partials[row * block.count + j];
  }
  scores[j] += sum;
}
