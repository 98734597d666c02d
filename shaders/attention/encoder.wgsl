// Full attention of a vision transformer, every position of an image tile with every other one and with no other tile,
// flash style: for 64 queries of one head the keys pass by in tiles of 32 with a running maximum m and sum l per query.
//   m' = max(m, max_j s_j);  l' = l exp(m - m') + sum_j exp(s_j - m');  o' = o exp(m - m') + sum_j exp(s_j - m') v_j
//   out = o / l,   s_j = q . k_j / sqrt(HEAD_DIM)
//
// Geometry: workgroup of 128 = (head, 64 queries, image tile). Host dispatches
// (HEADS, ceil(POSITIONS / QUERIES), ceil(tokens / POSITIONS)). HEAD_DIM: multiple of 4, at most 128.
// Scores: an invocation holds 4 queries by 4 keys in registers while q and k pass through `staged`, 32 dimensions at a
// time. Values: it holds 4 dimensions of up to 16 queries while v passes through `staged` behind the tile's weights.
// So every k and v is read from global memory once a workgroup. 16128 bytes of workgroup memory.
// The strides 97 and 17 are odd, so that 8 invocations that write down a column of vectors hit 8 different banks.
// Numerics: f32.
override HEADS: u32;
override HEAD_DIM: u32;
override POSITIONS: u32; // in an image tile

const QUERIES: u32 = 64;
const KEYS: u32 = 32;
const CHUNK: u32 = 8;          // vectors of 4 dimensions of q and k staged at a time
const COLUMN: u32 = 97;        // staged q and k: [CHUNK, QUERIES then KEYS], padded
const QUADS: u32 = 16;         // queries in fours
const WEIGHTS: u32 = 17;       // staged weights: [KEYS, QUADS] of 4 queries each, padded
const BEHIND: u32 = 544;       // KEYS * WEIGHTS: where the values are staged
const ROOM: u32 = 448;         // vectors that fit there
const NEVER: f32 = -3.0e38;

struct State {
  position: u32,
  tokens: u32,
}

@group(0) @binding(1) var<storage, read> q: array<vec4<f32>>; // [tokens, HEADS, HEAD_DIM / 4]; k, v, out the same
@group(0) @binding(2) var<storage, read> k: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> v: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(7) var<uniform> state: State;

var<workgroup> staged: array<vec4<f32>, 992>;
var<workgroup> factors: array<vec4<f32>, QUADS>; // exp(m - m') of each query; at the end l

@compute @workgroup_size(128)
fn attention_encoder(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let d4 = HEAD_DIM / 4;
  let row = HEADS * d4;
  let tile0 = workgroup.z * POSITIONS;
  let positions = min(state.tokens - tile0, POSITIONS);
  let base = tile0 * row + workgroup.x * d4;
  let query0 = workgroup.y * QUERIES;
  if (query0 >= positions) {
    return;
  }

  // Scores: queries 4 quad .. 4 quad + 3 by keys key, key + 8, key + 16, key + 24.
  let quad = lane / 8;
  let key = lane % 8;
  var m = vec4(NEVER);
  var l = vec4<f32>(); // over this invocation's own keys; joined at the end

  // Values: four dimensions of the quads group, group + groups, ... At most 4 of them (HEAD_DIM = 128).
  let groups = 128 / d4;
  let group = lane / d4;
  let dimension = lane % d4;
  let held = select(0u, (QUADS + groups - 1) / groups, group < groups);
  var o: array<mat4x4<f32>, 4>; // a column for each query of the quad
  let stage_keys = min(KEYS, ROOM / d4);

  for (var key0 = 0u; key0 < positions; key0 += KEYS) {
    // Zeros in words: Dawn does not clear a variable again that is declared in a loop without a value.
    var s = array<vec4<f32>, 4>(); // [key][query]
    for (var chunk0 = 0u; chunk0 < d4; chunk0 += CHUNK) {
      let width = min(CHUNK, d4 - chunk0);
      let column = lane % CHUNK;
      for (var i = lane / CHUNK; i < QUERIES; i += 128 / CHUNK) {
        if (column < width && query0 + i < positions) {
          staged[column * COLUMN + i] = q[base + (query0 + i) * row + chunk0 + column];
        }
      }
      for (var i = lane / CHUNK; i < KEYS; i += 128 / CHUNK) {
        if (column < width && key0 + i < positions) {
          staged[column * COLUMN + QUERIES + i] = k[base + (key0 + i) * row + chunk0 + column];
        }
      }
      workgroupBarrier();
      for (var c = 0u; c < width; c++) {
        let at = c * COLUMN + 4 * quad;
        let q0 = staged[at];
        let q1 = staged[at + 1];
        let q2 = staged[at + 2];
        let q3 = staged[at + 3];
        for (var j = 0u; j < 4; j++) {
          let x = staged[c * COLUMN + QUERIES + key + 8 * j];
          s[j] += vec4(dot(q0, x), dot(q1, x), dot(q2, x), dot(q3, x));
        }
      }
      workgroupBarrier();
    }

    var largest = m;
    for (var j = 0u; j < 4; j++) {
      // Past the last key the memory holds something else, perhaps no number: replaced, not added to.
      s[j] = select(vec4(NEVER), s[j] / sqrt(f32(HEAD_DIM)), key0 + key + 8 * j < positions);
      largest = max(largest, s[j]);
    }
    staged[BEHIND + lane] = largest;
    workgroupBarrier();
    for (var i = 0u; i < 8; i++) {
      largest = max(largest, staged[BEHIND + 8 * quad + i]);
    }
    let factor = exp(m - largest);
    m = largest;
    l *= factor;
    for (var j = 0u; j < 4; j++) {
      // Not `s > NEVER`: a score that is not a number must spoil the sum, not leave its key out unseen.
      let weight = select(exp(s[j] - largest), vec4<f32>(), s[j] == vec4(NEVER));
      staged[(key + 8 * j) * WEIGHTS + quad] = weight;
      l += weight;
    }
    if (key == 0) {
      factors[quad] = factor;
    }
    workgroupBarrier();

    for (var n = 0u; n < held && group + n * groups < QUADS; n++) {
      let f = factors[group + n * groups];
      o[n] = mat4x4(f.x * o[n][0], f.y * o[n][1], f.z * o[n][2], f.w * o[n][3]);
    }
    let keys = min(positions - key0, KEYS);
    for (var stage0 = 0u; stage0 < keys; stage0 += stage_keys) {
      let count = min(keys - stage0, stage_keys);
      for (var i = lane; i < count * d4; i += 128) {
        staged[BEHIND + i] = v[base + (key0 + stage0 + i / d4) * row + i % d4];
      }
      workgroupBarrier();
      for (var j = 0u; j < count; j++) {
        let x = staged[BEHIND + j * d4 + dimension];
        for (var n = 0u; n < held && group + n * groups < QUADS; n++) {
          let w = staged[(stage0 + j) * WEIGHTS + group + n * groups];
          o[n] += mat4x4(w.x * x, w.y * x, w.z * x, w.w * x);
        }
      }
      workgroupBarrier();
    }
  }

  staged[lane] = l;
  workgroupBarrier();
  if (key == 0) {
    for (var i = 1u; i < 8; i++) {
      l += staged[lane + i];
    }
    factors[quad] = l;
  }
  workgroupBarrier();
  for (var n = 0u; n < held && group + n * groups < QUADS; n++) {
    for (var i = 0u; i < 4; i++) {
      let query = query0 + 4 * (group + n * groups) + i;
      if (query < positions) {
        out[base + query * row + dimension] = o[n][i] / factors[group + n * groups][i];
      }
    }
  }
}
