// Rotates q and k by their position and appends k and v to the KV cache.
//   (a, b) = (x[2i], x[2i+1])  ->  (a cos - b sin, a sin + b cos),   angle = position * theta^(-2i / rope dimensions)
// Interleaved pairs, as in GGUF files of architecture llama and internlm2. Dimensions past ROPE_DIMENSIONS pass through.
//
// Composed behind `alias cache_t = f32;` or `enable f16; alias cache_t = f16;`.
// Cache layout, in pages of PAGE positions (page = pages[position / PAGE], slot = position % PAGE):
//   keys   [page, kv head, HEAD_DIM / 4, PAGE, 4]: neighbouring positions are neighbouring vectors, because in attention
//          an invocation holds one position;
//   values [page, kv head, PAGE, HEAD_DIM]: neighbouring dimensions are neighbours, because there it holds dimensions.
// Geometry: an invocation handles one pair of one token: first those of q, then those of k and v together.
// Host dispatches (ceil((HEADS + KV_HEADS) * HEAD_DIM / 2 / 64), tokens).
// Numerics: cos and sin come from a table made in double precision; WGSL's own are only good near zero.
override HEADS: u32;
override KV_HEADS: u32;
override HEAD_DIM: u32;
override ROPE_DIMENSIONS: u32;
override PAGE: u32;

struct State {
  position: u32,
  tokens: u32,
}

@group(0) @binding(1) var<storage, read_write> q: array<vec2<f32>>; // [tokens, HEADS, HEAD_DIM / 2]
// q, k and v may be stretches of one buffer, and WebGPU takes a buffer as writable or as read-only, not as both at once.
@group(0) @binding(2) var<storage, read_write> k: array<vec2<f32>>; // [tokens, KV_HEADS, HEAD_DIM / 2]
@group(0) @binding(3) var<storage, read_write> v: array<vec2<f32>>; // [tokens, KV_HEADS, HEAD_DIM / 2]
@group(0) @binding(4) var<storage, read> rotations: array<vec2<f32>>; // [positions, ROPE_DIMENSIONS / 2] (cos, sin)
@group(0) @binding(5) var<storage, read_write> keys: array<cache_t>;
@group(0) @binding(6) var<storage, read_write> values: array<cache_t>;
@group(0) @binding(7) var<uniform> state: State;
@group(0) @binding(8) var<storage, read> pages: array<u32>; // [logical page] -> physical page

fn rotate(pair: vec2<f32>, position: u32, i: u32) -> vec2<f32> {
  if (2 * i >= ROPE_DIMENSIONS) {
    return pair;
  }
  let r = rotations[position * (ROPE_DIMENSIONS / 2) + i];
  return vec2(pair.x * r.x - pair.y * r.y, pair.x * r.y + pair.y * r.x);
}

@compute @workgroup_size(64)
fn rope_append(@builtin(global_invocation_id) at: vec3<u32>) {
  let pairs = HEAD_DIM / 2;
  let token = at.y;
  let position = state.position + token;
  let i = at.x % pairs;
  let head = at.x / pairs;
  if (head < HEADS) {
    let index = (token * HEADS + head) * pairs + i;
    q[index] = rotate(q[index], position, i);
  } else if (head < HEADS + KV_HEADS) {
    let kv_head = head - HEADS;
    let index = (token * KV_HEADS + kv_head) * pairs + i;
    let block = pages[position / PAGE] * KV_HEADS + kv_head;
    let slot = position % PAGE;
    let key = rotate(k[index], position, i);
    let key_at = ((block * (HEAD_DIM / 4) + i / 2) * PAGE + slot) * 4 + 2 * (i & 1);
    keys[key_at] = cache_t(key.x);
    keys[key_at + 1] = cache_t(key.y);
    let value = v[index];
    let value_at = (block * PAGE + slot) * HEAD_DIM + 2 * i;
    values[value_at] = cache_t(value.x);
    values[value_at + 1] = cache_t(value.y);
  }
}
