// ids[row] = the index of the largest of `count` logits of a row (ties: the lowest), also copied to result[row].x; .y = that
// logit's bits. A logit that is not finite makes result[row].x = 0xffffffff, so that wrong numbers never look like an answer.
//
// Geometry: `parts`: 64 invocations find the largest of 1024 logits, each of 16 in four vectors that are loaded before any is
// compared. Host dispatches (ceil((count + 3) / 1024), rows). `join`: 64 invocations, a row. Host dispatches (rows).
// Rows lie `stride` numbers apart, which need not be a multiple of four: a row is read from the vector in which it begins.
struct Params {
  count: u32,
  stride: u32,
  parts: u32,  // of a row
  rows: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<vec4<f32>>;           // [rows, stride] f32, parts
@group(0) @binding(2) var<storage, read> parts_in: array<vec2<u32>>;         // [rows, parts] (logit bits, id), join
@group(0) @binding(3) var<storage, read_write> parts_out: array<vec2<u32>>;  // [rows, parts]; 0x80000000 of the id: not finite
@group(0) @binding(4) var<storage, read_write> ids: array<u32>;              // [rows], the next step's, read by gather.wgsl
@group(0) @binding(5) var<storage, read_write> result: array<vec2<u32>>;     // [rows]

const LANES: u32 = 64;
const BROKEN: u32 = 0x80000000;
const LEAST: f32 = -3.0e38;
const NOWHERE: u32 = 0x7ffffffe;

var<workgroup> best_logit: array<f32, 64>;
var<workgroup> best_id: array<u32, 64>;
var<workgroup> broken: atomic<u32>;

struct Best {
  logit: f32,
  id: u32,
  broken: u32,
}

fn with_logit(best: Best, logit: f32, id: u32) -> Best {
  // Before the row begins, `id` has gone below zero and is large.
  let is_in_row = id < params.count;
  // NaN and infinity have all exponent bits set; comparing bits survives compilers that assume finite math.
  let is_broken = is_in_row && (bitcast<u32>(logit) & 0x7f800000u) == 0x7f800000u;
  let is_more = is_in_row && logit > best.logit;
  return Best(
    select(best.logit, logit, is_more),
    select(best.id, id, is_more),
    best.broken | select(0u, BROKEN, is_broken),
  );
}

fn with_vector(best: Best, logits: vec4<f32>, id: u32) -> Best {
  return with_logit(
    with_logit(with_logit(with_logit(best, logits.x, id), logits.y, id + 1u), logits.z, id + 2u),
    logits.w,
    id + 3u,
  );
}

fn with_part(best: Best, part: vec2<u32>) -> Best {
  let logit = bitcast<f32>(part.x);
  let id = part.y & ~BROKEN;
  let is_more = logit > best.logit || (logit == best.logit && id < best.id);
  return Best(
    select(best.logit, logit, is_more),
    select(best.id, id, is_more),
    best.broken | (part.y & BROKEN),
  );
}

/** Of all lanes; in lane 0. */
fn joined(lane: u32, own: Best) -> Best {
  best_logit[lane] = own.logit;
  best_id[lane] = own.id;
  if (own.broken != 0) {
    atomicStore(&broken, BROKEN);
  }
  workgroupBarrier();
  for (var step = LANES / 2; step > 0; step = step / 2) {
    if (lane < step) {
      let other = best_logit[lane + step];
      let other_id = best_id[lane + step];
      if (other > best_logit[lane] || (other == best_logit[lane] && other_id < best_id[lane])) {
        best_logit[lane] = other;
        best_id[lane] = other_id;
      }
    }
    workgroupBarrier();
  }
  return Best(best_logit[0], best_id[0], atomicLoad(&broken));
}

@compute @workgroup_size(64)
fn parts(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let begins = workgroup.y * params.stride;
  let first = begins / 4 + workgroup.x * 4 * LANES + lane;
  let a = logits[first];
  let b = logits[first + LANES];
  let c = logits[first + 2 * LANES];
  let d = logits[first + 3 * LANES];
  let id = 4 * first - begins;
  var best = with_vector(Best(LEAST, NOWHERE, 0u), a, id);
  best = with_vector(best, b, id + 4 * LANES);
  best = with_vector(best, c, id + 8 * LANES);
  best = with_vector(best, d, id + 12 * LANES);
  best = joined(lane, best);
  if (lane == 0) {
    parts_out[workgroup.y * params.parts + workgroup.x] = vec2(bitcast<u32>(best.logit), best.id | best.broken);
  }
}

@compute @workgroup_size(64)
fn join(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let first = workgroup.x * params.parts;
  let last = first + params.parts - 1;
  var best = Best(LEAST, NOWHERE, 0u);
  // The last one as often as there are too few: it changes nothing.
  for (var at = first + lane; at <= last; at += 4 * LANES) {
    let a = parts_in[at];
    let b = parts_in[min(at + LANES, last)];
    let c = parts_in[min(at + 2 * LANES, last)];
    let d = parts_in[min(at + 3 * LANES, last)];
    best = with_part(with_part(with_part(with_part(best, a), b), c), d);
  }
  best = joined(lane, best);
  if (lane == 0) {
    ids[workgroup.x] = best.id;
    result[workgroup.x] = vec2(select(best.id, 0xffffffffu, best.broken != 0), bitcast<u32>(best.logit));
  }
}
