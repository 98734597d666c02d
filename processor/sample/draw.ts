// The next token from the most likely ones: shaders/sample/draw.wgsl has formula, parameters and layouts.
//
// Constants: 0 how many candidates. Chunks: a row.
import { exp1 } from '../lib/simd';
import { binding, constant, param } from '../record';

const BROKEN: u32 = 0xffffffff;
const UNDECIDED: u32 = 0xfffffffd;
/** 2^-21 of a logit. */
const PENALTY_SLACK: f32 = 4.76837158203125e-7;

export function drawChunks(record: usize): i32 {
  return param(record, 2);
}

export function drawRun(record: usize, scratch: usize, first: i32, count: i32): void {
  for (let row = first; row < first + count; row++) drawOf(record, scratch, row);
}

function drawOf(record: usize, scratch: usize, row: i32): void {
  const mostRanked = constant(record, 0);
  const settings = binding(record, 2);
  const temperatureSet = load<f32>(settings);
  const topK = load<i32>(settings, 4);
  const topP = load<f32>(settings, 8);
  const minP = load<f32>(settings, 12);
  const window = load<i32>(settings, 20);
  const vocabulary = param(record, 0);
  const capacity = param(record, 1);
  const historyStride = param(record, 3);
  const candidates = binding(record, 1) + <usize>row * mostRanked * 8;
  const history = binding(record, 4) + <usize>row * historyStride * 4;
  const lengths = binding(record, 5) + 4 * row;
  const length = load<i32>(lengths);
  const logits = scratch;
  const ids = logits + 4 * mostRanked;
  const sums = ids + 4 * mostRanked;
  const isPenalized = window > 0;
  for (let i = 0; i < mostRanked; i++) {
    store<u32>(logits + 4 * i, load<u32>(candidates + 8 * i));
    store<u32>(ids + 4 * i, load<u32>(candidates + 8 * i, 4));
  }
  const isBroken = load<u32>(ids) == BROKEN;
  const least = load<f32>(logits + 4 * (mostRanked - 1));
  if (isPenalized) {
    const from = history + 4 * max(0, length - window);
    penalize(logits, ids, mostRanked, load<f32>(settings, 16), from, history + 4 * length);
    sort(logits, ids, mostRanked);
  }

  const isGreedy = temperatureSet == 0;
  const temperature: f32 = isGreedy ? 1 : temperatureSet;
  const count = min(isGreedy ? 1 : topK == 0 ? mostRanked : min(topK, mostRanked), vocabulary);
  const best = load<f32>(logits);
  const last = load<f32>(logits + 4 * (count - 1));
  let exact: f64 = 0;
  for (let i = 0; i < count; i++) {
    exact += <f64>exp1((load<f32>(logits + 4 * i) - best) / temperature);
    store<f32>(sums + 4 * i, <f32>exact);
  }
  let sum = <f32>exact;
  const penaltySlack: f32 = isPenalized ? PENALTY_SLACK * max(abs(best), abs(last)) : 0;
  const sumSlack = load<f32>(settings, 24) + penaltySlack / temperature;
  const minPSlack = load<f32>(settings, 28) + penaltySlack / temperature;
  let isDecided = true;
  let end = count;
  for (let i = 1; i < count; i++) {
    if (topP < 1) {
      const distance = load<f32>(sums + 4 * (i - 1)) - topP * sum;
      if (abs(distance) <= sumSlack * sum) isDecided = false;
      if (distance >= 0) end = min(end, i);
    }
    if (minP > 0) {
      const weight = exp1((load<f32>(logits + 4 * i) - best) / temperature);
      if (abs(weight - minP) <= minPSlack * minP) isDecided = false;
      if (weight < minP) end = min(end, i);
    }
  }
  sum = load<f32>(sums + 4 * (end - 1));
  const draws = binding(record, 3) + <usize>row * historyStride * 4;
  const target = load<f32>(draws + 4 * min(length, capacity - 1)) * sum;
  let at = end - 1;
  for (let i = end - 2; i >= 0; i--) {
    const reached = load<f32>(sums + 4 * i);
    if (abs(reached - target) <= sumSlack * sum) isDecided = false;
    if (target < reached) at = i;
  }

  const logit = load<f32>(logits + 4 * at);
  if (isPenalized) {
    const next = load<f32>(logits + 4 * min(at + 1, mostRanked - 1));
    const slack: f32 = <f32>2.0 * PENALTY_SLACK * max(abs(logit), abs(next));
    if (at > 0 && load<f32>(logits + 4 * (at - 1)) - logit <= slack) isDecided = false;
    if (at + 1 < min(mostRanked, vocabulary) && logit - next <= slack) isDecided = false;
  }
  if (vocabulary > mostRanked) {
    if (topK == 0 && !isGreedy) {
      if (exp1((least - best) / temperature) >= minP * (<f32>1.0 - minPSlack)) isDecided = false;
    } else if (isPenalized && last - least <= <f32>2.0 * PENALTY_SLACK * max(abs(last), abs(least))) {
      isDecided = false;
    }
  }
  const id: u32 = isBroken ? 0 : load<u32>(ids + 4 * at);
  store<u32>(binding(record, 6) + 4 * row, id);
  store<u32>(binding(record, 8) + 8 * row, isBroken ? BROKEN : isDecided ? id : UNDECIDED);
  store<f32>(binding(record, 8) + 8 * row, logit, 4);
  if (historyStride > 0 && length < capacity) {
    store<u32>(history + 4 * length, id);
    store<i32>(lengths, length + 1);
  }
}

/** Once each, however often it is among the tokens of `from` .. `to`. */
function penalize(logits: usize, ids: usize, count: i32, penalty: f32, from: usize, to: usize): void {
  for (let i = 0; i < count; i++) {
    const id = i32x4.splat(load<u32>(ids + 4 * i));
    let isSeen = false;
    let at = from;
    for (; at + 16 <= to && !isSeen; at += 16) isSeen = v128.any_true(i32x4.eq(v128.load(at), id));
    for (; at < to && !isSeen; at += 4) isSeen = load<u32>(at) == load<u32>(ids + 4 * i);
    if (!isSeen) continue;
    const logit = load<f32>(logits + 4 * i);
    store<f32>(logits + 4 * i, logit > 0 ? logit / penalty : logit * penalty);
  }
}

/** Falling, ties to the lower id; by insertion, because most are in their places. */
function sort(logits: usize, ids: usize, count: i32): void {
  for (let i = 1; i < count; i++) {
    const logit = load<f32>(logits + 4 * i);
    const id = load<u32>(ids + 4 * i);
    let hole = i;
    while (hole > 0) {
      const before = load<f32>(logits + 4 * (hole - 1));
      if (before > logit || (before == logit && load<u32>(ids + 4 * (hole - 1)) <= id)) break;
      store<f32>(logits + 4 * hole, before);
      store<u32>(ids + 4 * hole, load<u32>(ids + 4 * (hole - 1)));
      hole--;
    }
    store<f32>(logits + 4 * hole, logit);
    store<u32>(ids + 4 * hole, id);
  }
}
