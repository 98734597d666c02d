// The index of a row's largest logit, ties to the lowest; 0xffffffff where one is not finite: shaders/sample/argmax.wgsl, both of
// whose passes these are.
//
// Chunks of the first: a part of a row. Of the second: a row.
import { binding, param } from '../record';

const PART: i32 = 1024;
const BROKEN: u32 = 0x80000000;

export function argmaxPartsChunks(record: usize): i32 {
  return param(record, 3) * param(record, 2);
}

export function argmaxPartsRun(record: usize, first: i32, count: i32): void {
  for (let chunk = first; chunk < first + count; chunk++) argmaxPart(record, chunk);
}

function argmaxPart(record: usize, chunk: i32): void {
  const parts = param(record, 2);
  const row = chunk / parts;
  const begin = (chunk % parts) * PART;
  const end = min(param(record, 0), begin + PART);
  const logits = binding(record, 1) + <usize>row * param(record, 1) * 4;
  const exponent = i32x4.splat(0x7f800000);
  let best = f32x4.splat(-3.0e38);
  let ids = i32x4.splat(0x7ffffffe);
  let broken = i32x4.splat(0);
  let at = i32x4.add(i32x4.splat(begin), i32x4(0, 1, 2, 3));
  let i = begin;
  for (; i + 4 <= end; i += 4) {
    const term = v128.load(logits + 4 * i);
    broken = v128.or(broken, i32x4.eq(v128.and(term, exponent), exponent));
    const isMore = f32x4.gt(term, best);
    best = v128.bitselect(term, best, isMore);
    ids = v128.bitselect(at, ids, isMore);
    at = i32x4.add(at, i32x4.splat(4));
  }
  let logit = f32x4.extract_lane(best, 0);
  let id = <u32>i32x4.extract_lane(ids, 0);
  let isBroken = v128.any_true(broken);
  for (let lane = 1; lane < 4; lane++) {
    best = i32x4.shuffle(best, best, 1, 2, 3, 0);
    ids = i32x4.shuffle(ids, ids, 1, 2, 3, 0);
    const other = f32x4.extract_lane(best, 0);
    const otherId = <u32>i32x4.extract_lane(ids, 0);
    if (other > logit || (other == logit && otherId < id)) {
      logit = other;
      id = otherId;
    }
  }
  for (; i < end; i++) {
    const bits = load<u32>(logits + 4 * i);
    if ((bits & 0x7f800000) == 0x7f800000) isBroken = true;
    if (reinterpret<f32>(bits) > logit) {
      logit = reinterpret<f32>(bits);
      id = i;
    }
  }
  const out = binding(record, 3) + 8 * chunk;
  store<u32>(out, reinterpret<u32>(logit));
  store<u32>(out, isBroken ? id | BROKEN : id, 4);
}

export function argmaxJoinChunks(record: usize): i32 {
  return param(record, 3);
}

export function argmaxJoinRun(record: usize, first: i32, count: i32): void {
  const parts = param(record, 2);
  for (let row = first; row < first + count; row++) {
    const from = binding(record, 2) + <usize>row * parts * 8;
    let logit: f32 = -3.0e38;
    let id: u32 = 0x7ffffffe;
    let isBroken = false;
    // Parts come in the order of their logits' ids: of equal ones the first stays.
    for (let part = 0; part < parts; part++) {
      const word = load<u32>(from + 8 * part, 4);
      if (word & BROKEN) isBroken = true;
      if (load<f32>(from + 8 * part) <= logit) continue;
      logit = load<f32>(from + 8 * part);
      id = word & ~BROKEN;
    }
    store<u32>(binding(record, 4) + 4 * row, id);
    store<u32>(binding(record, 5) + 8 * row, isBroken ? 0xffffffff : id);
    store<f32>(binding(record, 5) + 8 * row, logit, 4);
  }
}
