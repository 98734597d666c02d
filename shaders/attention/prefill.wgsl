// Causal attention of many query tokens against the whole cache, flash style: for a tile of 16 queries of one head the
// keys pass by in tiles of 32 with a running maximum m and sum l per query, so nothing of size N x N exists.
//   m' = max(m, max_j s_j);  l' = l exp(m - m') + sum_j exp(s_j - m');  o' = o exp(m - m') + sum_j exp(s_j - m') v_j
//
// Composed with a file of cache/, whose layout it reads; PAGE is a multiple of 32.
// Geometry: workgroup of 128 = (head, 16 queries). Scores: an invocation holds one key and 4 queries, so a key vector
// is loaded once for 4 queries and neighbouring invocations read neighbouring keys. Softmax: 8 invocations a query.
// Values: HEAD_DIM / 4 lanes by groups of queries. Host dispatches (HEADS, ceil(tokens / 16)). HEAD_DIM <= 128.
// Numerics: f32; scores scaled by 1 / sqrt(HEAD_DIM).
override HEADS: u32;
override KV_HEADS: u32;
override HEAD_DIM: u32;
override PAGE: u32;

const QUERIES: u32 = 16;
const KEYS: u32 = 32;
const NEVER: f32 = -3.0e38;

struct State {
  position: u32,
  tokens: u32,
}

@group(0) @binding(1) var<storage, read> q: array<vec4<f32>>; // [tokens, HEADS, HEAD_DIM / 4]
@group(0) @binding(2) var<storage, read> keys: array<cache_word>;
@group(0) @binding(3) var<storage, read> values: array<cache_word>;
@group(0) @binding(4) var<storage, read> pages: array<u32>;
@group(0) @binding(5) var<storage, read_write> out: array<vec4<f32>>; // [tokens, HEADS, HEAD_DIM / 4]
@group(0) @binding(7) var<uniform> state: State;

var<workgroup> q_tile: array<vec4<f32>, QUERIES * HEAD_DIM / 4>;
var<workgroup> scores: array<f32, 512>;    // [QUERIES, KEYS]
var<workgroup> partials: array<f32, 128>;  // [QUERIES, 8]
var<workgroup> factors: array<f32, 16>;    // exp(m - m') of each query
var<workgroup> sums: array<f32, 16>;       // l of each query

@compute @workgroup_size(128)
fn attention_prefill(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let head = workgroup.x;
  let token0 = workgroup.y * QUERIES;
  let d4 = HEAD_DIM / 4;
  let kv_head = head / (HEADS / KV_HEADS);
  let queries = min(state.tokens - token0, QUERIES);

  for (var i = lane; i < QUERIES * d4; i += 128) {
    var value = vec4<f32>();
    if (i / d4 < queries) {
      value = q[((token0 + i / d4) * HEADS + head) * d4 + i % d4];
    }
    q_tile[i] = value;
  }

  // Softmax: 8 invocations hold query lane / 8, four keys each.
  let softmax_query = lane / 8;
  let softmax_key = (lane % 8) * 4;
  var m = NEVER;
  var l = 0.0;

  // Values: this lane's four dimensions, of queries group, group + groups, ... At most 8 of them (HEAD_DIM = 128: 4).
  let groups = 128 / d4;
  let dimension = lane % d4;
  let group = lane / d4;
  var o: array<vec4<f32>, 8>;

  let last_key = state.position + token0 + queries - 1;
  for (var key0 = 0u; key0 <= last_key; key0 += KEYS) {
    let block = cache_block(pages[key0 / PAGE], kv_head);
    let slot0 = key0 % PAGE;
    workgroupBarrier(); // q_tile is filled; scores of the tile before are used up

    let key = lane % KEYS;
    let query = (lane / KEYS) * 4;
    var s = vec4<f32>();
    for (var scale = 0u; scale < SCALES; scale++) {
      let factor = key_scale(block, slot0 + key, scale);
      for (var i = scale * SCALED; i < min(d4, (scale + 1) * SCALED); i++) {
        let k = factor * key_quad(block, slot0 + key, i);
        s += vec4(
          dot(k, q_tile[query * d4 + i]),
          dot(k, q_tile[(query + 1) * d4 + i]),
          dot(k, q_tile[(query + 2) * d4 + i]),
          dot(k, q_tile[(query + 3) * d4 + i]),
        );
      }
    }
    s = s / sqrt(f32(HEAD_DIM));
    for (var i = 0u; i < 4; i++) {
      // A key is visible to the queries at its own position and after.
      let visible = key0 + key <= state.position + token0 + query + i;
      scores[(query + i) * KEYS + key] = select(NEVER, s[i], visible);
    }
    workgroupBarrier();

    let at = softmax_query * KEYS + softmax_key;
    partials[lane] = max(max(scores[at], scores[at + 1]), max(scores[at + 2], scores[at + 3]));
    workgroupBarrier();
    var largest = m;
    for (var i = 0u; i < 8; i++) {
      largest = max(largest, partials[softmax_query * 8 + i]);
    }
    workgroupBarrier();
    var part = 0.0;
    for (var i = 0u; i < 4; i++) {
      let score = scores[at + i];
      // Not `score > NEVER`: a score that is not a number must spoil the sum, not leave its key out unseen.
      let weight = select(exp(score - largest), 0.0, score == NEVER);
      scores[at + i] = weight;
      part += weight;
    }
    partials[lane] = part;
    let factor = exp(m - largest);
    if (lane % 8 == 0) {
      factors[softmax_query] = factor;
    }
    workgroupBarrier();
    l = l * factor;
    for (var i = 0u; i < 8; i++) {
      l += partials[softmax_query * 8 + i];
    }
    m = largest;

    if (group < groups) {
      for (var n = 0u; n < 8 && group + n * groups < QUERIES; n++) {
        o[n] *= factors[group + n * groups];
      }
      let visible_keys = min(last_key + 1 - key0, KEYS);
      for (var j = 0u; j < visible_keys; j++) {
        let factor = value_scale(block, slot0 + j, dimension / SCALED);
        let v = factor * value_quad(block, slot0 + j, dimension);
        for (var n = 0u; n < 8 && group + n * groups < QUERIES; n++) {
          o[n] += scores[(group + n * groups) * KEYS + j] * v;
        }
      }
    }
  }

  if (lane % 8 == 0) {
    sums[softmax_query] = l;
  }
  workgroupBarrier();
  if (group < groups) {
    for (var n = 0u; n < 8 && group + n * groups < queries; n++) {
      let query = group + n * groups;
      out[((token0 + query) * HEADS + head) * d4 + dimension] = o[n] / sums[query];
    }
  }
}
