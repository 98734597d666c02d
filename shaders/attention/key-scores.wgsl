// How much attention the keys of a block receive (Mini-Monkey's scale compression), for the queries of one step:
//   partials[tile, head, j] = sum over the tile's queries i of exp(s_ij - m_i) / z_i,   j in the block,
//   s_ij = q_i . k_j / sqrt(HEAD_DIM),  m_i = max_j s_ij,  z_i = sum_j exp(s_ij - m_i)  over all keys 0 .. i
// and key-scores-reduce.wgsl adds the tiles and heads. Nothing of size N x N exists, and no atomics are needed.
//
// Composed with a file of cache/, whose layout it reads.
// Geometry: workgroup of 128 = (head, 16 queries). Both passes: an invocation holds one key and all 16 queries, so
// neighbouring invocations read neighbouring keys, and the first pass needs no barrier until the end.
// Host dispatches (HEADS, ceil(tokens / QUERIES)); a tile whose queries are all before `first_query` writes nothing.
// HEAD_DIM: multiple of 4, at most 128 (10 KiB of workgroup memory). Numerics: f32.
override HEADS: u32;
override KV_HEADS: u32;
override HEAD_DIM: u32;
override PAGE: u32;

const QUERIES: u32 = 16;
const NEVER: f32 = -3.0e38;

struct State {
  position: u32,
  tokens: u32,
}

struct Block {
  first_query: u32, // absolute positions
  start: u32,
  count: u32,
}

@group(0) @binding(1) var<storage, read> q: array<vec4<f32>>; // [tokens, HEADS, HEAD_DIM / 4]
@group(0) @binding(2) var<storage, read> keys: array<cache_word>;
@group(0) @binding(3) var<storage, read> values: array<cache_word>; // not read, so the host binds none
@group(0) @binding(4) var<storage, read> pages: array<u32>;
@group(0) @binding(5) var<storage, read_write> partials: array<f32>; // [ceil(tokens / QUERIES), HEADS, block.count]
@group(0) @binding(7) var<uniform> state: State;
@group(0) @binding(8) var<uniform> block: Block;

var<workgroup> q_tile: array<vec4<f32>, QUERIES * HEAD_DIM / 4>;
var<workgroup> reduction: array<vec4<f32>, 128>;

/// Scores of the 16 queries with the key at `position`: query 4 n + i is element i of column n.
fn scores_with(position: u32, kv_head: u32) -> mat4x4<f32> {
  let d4 = HEAD_DIM / 4;
  let head = cache_block(pages[position / PAGE], kv_head);
  let slot = position % PAGE;
  var s = array<vec4<f32>, 4>();
  for (var scale = 0u; scale < SCALES; scale++) {
    let factor = key_scale(head, slot, scale);
    for (var c = scale * SCALED; c < min(d4, (scale + 1) * SCALED); c++) {
      let k = factor * key_quad(head, slot, c);
      for (var n = 0u; n < 4; n++) {
        let at = 4 * n * d4 + c;
        s[n] += vec4(
          dot(k, q_tile[at]),
          dot(k, q_tile[at + d4]),
          dot(k, q_tile[at + 2 * d4]),
          dot(k, q_tile[at + 3 * d4]),
        );
      }
    }
  }
  return mat4x4(s[0], s[1], s[2], s[3]) * (1 / sqrt(f32(HEAD_DIM)));
}

@compute @workgroup_size(128)
fn key_scores(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let head = workgroup.x;
  let kv_head = head / (HEADS / KV_HEADS);
  let token0 = workgroup.y * QUERIES;
  let queries = min(state.tokens - token0, QUERIES);
  let first = state.position + token0;
  let last = first + queries - 1;
  if (last < block.first_query) {
    return;
  }

  let d4 = HEAD_DIM / 4;
  for (var i = lane; i < QUERIES * d4; i += 128) {
    var value = vec4<f32>();
    if (i / d4 < queries) {
      value = q[((token0 + i / d4) * HEADS + head) * d4 + i % d4];
    }
    q_tile[i] = value;
  }
  workgroupBarrier();

  // First pass: m and z over the keys lane, lane + 128, ...; then over all.
  var m: array<vec4<f32>, 4>;
  var z: array<vec4<f32>, 4>;
  for (var n = 0u; n < 4; n++) {
    m[n] = vec4(NEVER);
  }
  for (var key = lane; key <= last; key += 128) {
    let s = scores_with(key, kv_head);
    for (var n = 0u; n < 4; n++) {
      let visible = vec4(key) <= first + 4 * n + vec4<u32>(0, 1, 2, 3);
      let largest = select(m[n], max(m[n], s[n]), visible);
      // A score that is not a number spoils z here, whatever max() made of it.
      z[n] = z[n] * exp(m[n] - largest) + select(vec4<f32>(), exp(s[n] - largest), visible);
      m[n] = largest;
    }
  }
  for (var n = 0u; n < 4; n++) {
    reduction[lane] = m[n];
    workgroupBarrier();
    var largest = m[n];
    for (var i = 0u; i < 128; i++) {
      largest = max(largest, reduction[i]);
    }
    workgroupBarrier();
    reduction[lane] = z[n] * exp(m[n] - largest);
    workgroupBarrier();
    var sum = vec4<f32>();
    for (var i = 0u; i < 128; i++) {
      sum += reduction[i];
    }
    workgroupBarrier();
    m[n] = largest;
    z[n] = sum;
  }

  // Second pass: the block's keys.
  let row = (workgroup.y * HEADS + head) * block.count;
  for (var j = lane; j < block.count; j += 128) {
    let key = block.start + j;
    var total = 0.0;
    if (key <= last) {
      let s = scores_with(key, kv_head);
      for (var n = 0u; n < 4; n++) {
        let query = first + 4 * n + vec4<u32>(0, 1, 2, 3);
        let counts = (query >= vec4(max(key, block.first_query))) & (query <= vec4(last));
        total += dot(select(vec4<f32>(), exp(s[n] - m[n]) / z[n], counts), vec4(1.0));
      }
    }
    partials[row + j] = total;
  }
}
