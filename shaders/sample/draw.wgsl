// The next token of each row from its K most likely ones: repetition penalty, temperature, top-k, top-p, min-p and one draw, in
// the order and with the ties of src/engine/sampling/sampler.ts. With l the logits falling, w = exp((l - l[0]) / temperature):
// of w[0 .. n), n = top_k, those before which the sum has not reached top_p of the whole, and that are not below min_p, make
// w[0 .. m); the token is the first with draw * sum(w[0 .. m)) < w[0] + ... + w[r]. At temperature 0 it is the first one.
//
// result[row].x: the token; 0xffffffff where a logit is not finite; 0xfffffffd, "undecided", where the host, which computes in
// f64 and sees all logits, might choose another one: because a comparison on which the choice rests is closer than the slack
// that rounding leaves it, or because a token that is not among the K might be chosen. The row goes on with a token in any case,
// so that steps which were submitted behind it find one.
// The token is appended to the row's history, whose last `window` tokens the penalty looks at; its draw is the one of its position.
// With a history stride of 0 the rows are places of one text, which stands in the one history already: its rows differ in their lengths
// alone, and nothing is appended.
//
// Geometry: K invocations, a row. Host dispatches (rows). Numerics: f32; slack as kernels/draw.ts derives it.
// `const K: u32` is put before this file.
struct Params {
  count: u32,     // of a row's logits
  capacity: u32,  // of a history
  rows: u32,
  history_stride: u32,  // from a row's history and draws to the next row's: the capacity, or 0
}

struct Settings {
  temperature: f32,
  top_k: u32,       // at most K; 0: all
  top_p: f32,
  min_p: f32,
  penalty: f32,     // 1, or more
  window: u32,      // tokens; at most the capacity, and 0 where the penalty is 1
  sum_slack: f32,   // of a sum of weights, as a share of it
  min_p_slack: f32, // of a weight at the cut of min-p, as a share of it
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> candidates: array<vec2<u32>>;      // [rows, K] (logit bits, id), from top-k.wgsl
@group(0) @binding(2) var<storage, read> settings: Settings;
@group(0) @binding(3) var<storage, read> draws: array<f32>;                 // [rows, history_stride] in [0, 1], by position
@group(0) @binding(4) var<storage, read_write> history: array<u32>;         // [rows, history_stride]: prompt and answer
@group(0) @binding(5) var<storage, read_write> lengths: array<u32>;         // [rows]: tokens in the history
@group(0) @binding(6) var<storage, read_write> ids: array<u32>;             // [rows], the next step's, read by gather.wgsl
@group(0) @binding(8) var<storage, read_write> result: array<vec2<u32>>;    // [rows] (id, logit bits)

const BROKEN: u32 = 0xffffffff;
const UNDECIDED: u32 = 0xfffffffd;
/** No token, nor what top-k.wgsl fills up with. */
const NO_ID: u32 = 0xfffffffc;
/** 2^-21 of a logit that was multiplied by a rounded penalty, or divided: 2.5 units, half a one of the penalty, and some more. */
const PENALTY_SLACK: f32 = 4.76837158203125e-7;

var<workgroup> some_ids: array<u32, K>;
var<workgroup> ranked_logits: array<f32, K>;
var<workgroup> ranked_ids: array<u32, K>;
var<workgroup> weights: array<f32, K>;
var<workgroup> sums: array<f32, K>;
var<workgroup> doubts: atomic<u32>;
var<workgroup> kept: atomic<u32>;
var<workgroup> chosen: atomic<u32>;

/** Whether `id` is one of the last `window` tokens. */
fn was_seen(id: u32, row: u32, length: u32, lane: u32) -> bool {
  var is_seen = false;
  for (var back = 0u; back < settings.window; back += K) {
    workgroupBarrier();
    let distance = back + lane + 1;
    some_ids[lane] = NO_ID;
    if (distance <= settings.window && distance <= length) {
      some_ids[lane] = history[row * params.history_stride + length - distance];
    }
    workgroupBarrier();
    for (var i = 0u; i < K; i += 8) {
//@ for i in EIGHT
      let id_{i} = some_ids[i + {i}];
//@ end
//@ for i in EIGHT
      is_seen = is_seen || id_{i} == id;
//@ end
    }
  }
  return is_seen;
}

/** The candidates in their order after the penalty. Ends behind a barrier. */
fn rank(own_logit: f32, id: u32, is_seen: bool, lane: u32) {
  let penalized = select(own_logit * settings.penalty, own_logit / settings.penalty, own_logit > 0.0);
  let logit = select(own_logit, penalized, is_seen);
  sums[lane] = logit;
  some_ids[lane] = id;
  workgroupBarrier();
  var before = 0u;
  for (var i = 0u; i < K; i += 4) {
//@ for i in FOUR
    let logit_{i} = sums[i + {i}];
    let id_{i} = some_ids[i + {i}];
//@ end
//@ for i in FOUR
    // What top-k.wgsl filled up with has one id, and keeps its order by lanes.
    before += u32(logit_{i} > logit || (logit_{i} == logit && (id_{i} < id || (id_{i} == id && i + {i} < lane))));
//@ end
  }
  ranked_logits[before] = logit;
  ranked_ids[before] = id;
  workgroupBarrier();
}

/** weights[0] + ... + weights[last], in four sums; without the barriers of a scan, which processors are slow at. */
fn sum_until(last: u32) -> f32 {
//@ for n in FOUR
  var sum_{n} = 0.0;
//@ end
  for (var i = 0u; i < K; i += 4) {
//@ for n in FOUR
    sum_{n} += select(0.0, weights[i + {n}], i + {n} <= last);
//@ end
  }
  return (sum_0 + sum_1) + (sum_2 + sum_3);
}

@compute @workgroup_size(K)
fn draw(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = workgroup.x;
  let length = lengths[row];
  let own = candidates[row * K + lane];
  let is_broken = candidates[row * K].y == BROKEN;
  /** No logit outside is larger, and a penalty above 1 makes none larger. */
  let least = bitcast<f32>(candidates[row * K + K - 1].x);
  let is_penalized = settings.window > 0;

  if (is_penalized) {
    let is_seen = was_seen(own.y, row, length, lane);
    workgroupBarrier();
    rank(bitcast<f32>(own.x), own.y, is_seen, lane);
  } else {
    ranked_logits[lane] = bitcast<f32>(own.x);
    ranked_ids[lane] = own.y;
    workgroupBarrier();
  }

  let is_greedy = settings.temperature == 0.0;
  let temperature = select(settings.temperature, 1.0, is_greedy);
  var count = select(min(settings.top_k, K), K, settings.top_k == 0);
  count = min(select(count, 1u, is_greedy), params.count);
  let best = ranked_logits[0];
  let last = ranked_logits[count - 1];
  var weight = 0.0;
  if (lane < count) {
    weight = exp((ranked_logits[lane] - best) / temperature);
  }
  if (lane == 0) {
    atomicStore(&kept, count);
    atomicStore(&chosen, K);
  }
  weights[lane] = weight;
  workgroupBarrier();
  sums[lane] = sum_until(lane);
  workgroupBarrier();

  let penalty_slack = select(0.0, PENALTY_SLACK * max(abs(best), abs(last)), is_penalized);
  let sum_slack = settings.sum_slack + penalty_slack / temperature;
  let min_p_slack = settings.min_p_slack + penalty_slack / temperature;
  var is_doubtful = false;
  if (lane > 0 && lane < count && settings.top_p < 1.0) {
    let distance = sums[lane - 1] - settings.top_p * sums[K - 1];
    is_doubtful = abs(distance) <= sum_slack * sums[K - 1];
    if (distance >= 0.0) {
      atomicMin(&kept, lane);
    }
  }
  if (lane > 0 && lane < count && settings.min_p > 0.0) {
    is_doubtful = is_doubtful || abs(weight - settings.min_p) <= min_p_slack * settings.min_p;
    if (weight < settings.min_p) {
      atomicMin(&kept, lane);
    }
  }
  workgroupBarrier();

  let end = atomicLoad(&kept);
  let sum = sums[end - 1];
  let reached = sums[lane];
  let aim = draws[row * params.history_stride + min(length, params.capacity - 1)] * sum;
  if (lane + 1 < end) {
    is_doubtful = is_doubtful || abs(reached - aim) <= sum_slack * sum;
    if (aim < reached) {
      atomicMin(&chosen, lane);
    }
  }
  if (is_doubtful) {
    atomicStore(&doubts, 1u);
  }
  workgroupBarrier();

  if (lane == 0) {
    let at = min(atomicLoad(&chosen), end - 1);
    let logit = ranked_logits[at];
    var is_decided = atomicLoad(&doubts) == 0;
    if (is_penalized) {
      // Rounded differently, neighbours might change places.
      let slack = 2.0 * PENALTY_SLACK * max(abs(logit), abs(ranked_logits[min(at + 1, K - 1)]));
      if (at > 0) {
        is_decided = is_decided && ranked_logits[at - 1] - logit > slack;
      }
      if (at + 1 < min(K, params.count)) {
        is_decided = is_decided && logit - ranked_logits[at + 1] > slack;
      }
    }
    if (params.count > K) {
      if (settings.top_k == 0 && !is_greedy) {
        // Enough where the cut of min-p falls among them.
        let weight_outside = exp((least - best) / temperature);
        is_decided = is_decided && weight_outside < settings.min_p * (1.0 - min_p_slack);
      } else if (is_penalized) {
        is_decided = is_decided && last - least > 2.0 * PENALTY_SLACK * max(abs(last), abs(least));
      }
    }
    let id = select(ranked_ids[at], 0u, is_broken);
    ids[row] = id;
    result[row] = vec2(
      select(select(UNDECIDED, id, is_decided), BROKEN, is_broken),
      bitcast<u32>(logit),
    );
    if (params.history_stride > 0 && length < params.capacity) {
      history[row * params.history_stride + length] = id;
      lengths[row] = length + 1;
    }
  }
}
