// Rotates q and k by their position and appends k and v to the KV cache.
//   (a, b) = (x[2i], x[2i+1])  ->  (a cos - b sin, a sin + b cos),   angle = position * theta^(-2i / rope dimensions)
// Interleaved pairs, as in GGUF files of architecture llama and internlm2. Dimensions past ROPE_DIMENSIONS pass through.
//
// Composed behind the files of cache/ that append.
// Geometry: an invocation handles four dimensions of one token's q, k or v. Heads are padded to multiples of 64
// dimensions, so that the eight invocations of 32 dimensions, and the sixteen of 64, are in one workgroup.
// Host dispatches (ceil((HEADS + 2 KV_HEADS) * LANES / 64), tokens).
// Numerics: cos and sin come from a table made in double precision; WGSL's own are only good near zero.
override HEADS: u32;
override KV_HEADS: u32;
override HEAD_DIM: u32;
override ROPE_DIMENSIONS: u32;
override PAGE: u32;
override LANES: u32; // of a head, padding included

struct State {
  position: u32,
  tokens: u32,
}

@group(0) @binding(1) var<storage, read_write> q: array<vec4<f32>>; // [tokens, HEADS, HEAD_DIM / 4]
// q, k and v may be stretches of one buffer, and WebGPU takes a buffer as writable or as read-only, not as both at once.
@group(0) @binding(2) var<storage, read_write> k: array<vec4<f32>>; // [tokens, KV_HEADS, HEAD_DIM / 4]
@group(0) @binding(3) var<storage, read_write> v: array<vec4<f32>>; // [tokens, KV_HEADS, HEAD_DIM / 4]
@group(0) @binding(4) var<storage, read> rotations: array<vec2<f32>>; // [positions, ROPE_DIMENSIONS / 2] (cos, sin)
@group(0) @binding(5) var<storage, read_write> keys: array<cache_word>;
@group(0) @binding(6) var<storage, read_write> values: array<cache_word>;
@group(0) @binding(7) var<uniform> state: State;
@group(0) @binding(8) var<storage, read> pages: array<u32>; // [logical page] -> physical page

fn rotate_pair(pair: vec2<f32>, position: u32, i: u32) -> vec2<f32> {
  if (2 * i >= ROPE_DIMENSIONS) {
    return pair;
  }
  let r = rotations[position * (ROPE_DIMENSIONS / 2) + i];
  return vec2(pair.x * r.x - pair.y * r.y, pair.x * r.y + pair.y * r.x);
}

fn rotate(x: vec4<f32>, position: u32, quad: u32) -> vec4<f32> {
  return vec4(rotate_pair(x.xy, position, 2 * quad), rotate_pair(x.zw, position, 2 * quad + 1));
}

@compute @workgroup_size(64)
fn rope_append(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let at = workgroup.x * 64 + lane;
  let head = at / LANES;
  let quad = at % LANES;
  let exists = quad < HEAD_DIM / 4;
  let is_key = exists && head >= HEADS && head < HEADS + KV_HEADS;
  let is_value = exists && head >= HEADS + KV_HEADS && head < HEADS + 2 * KV_HEADS;
  let kv_head = select(head - HEADS, head - HEADS - KV_HEADS, is_value);
  let token = workgroup.y;
  let position = state.position + token;
  let source = (token * KV_HEADS + kv_head) * (HEAD_DIM / 4) + quad;

  var x = vec4<f32>();
  if (exists && head < HEADS) {
    let index = (token * HEADS + head) * (HEAD_DIM / 4) + quad;
    q[index] = rotate(q[index], position, quad);
  } else if (is_key) {
    x = rotate(k[source], position, quad);
  } else if (is_value) {
    x = v[source];
  }
  let encoded = encode_quad(x, quad, lane);
  if (is_key) {
    append_key(cache_block(pages[position / PAGE], kv_head), position % PAGE, quad, encoded);
  } else if (is_value) {
    append_value(cache_block(pages[position / PAGE], kv_head), position % PAGE, quad, encoded);
  }
}
