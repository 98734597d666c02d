// Attention of one query token, and what joins its splits: shaders/attention/decode.wgsl and decode-reduce.wgsl.
//
// Constants: 0 heads, 1 kv heads, 2 dimensions of a head, 3 cache, 4 pages: the room for splits, 5 keys that a position sees, its
// own included, 0: all. A split is 256 keys.
// Chunks: a head and a split, so that a long context keeps every thread busy; of the second kernel a head.
import { exp1 } from '../lib/simd';
import { binding, constant, stepPosition } from '../record';
import { cacheBlock, PAGE, widenKeys, widenValues } from './cache';
import { KEYS, OUTPUTS, SCORES, VALUES } from './scratch';
import { closeScores, largestScore, NEVER, scoreOne, valueOne, weigh } from './tile';

const SPLIT_KEYS: i32 = 256;

@inline
function splits(record: usize): i32 {
  return stepPosition(record) / SPLIT_KEYS + 1;
}

/** The first key that the position sees. */
@inline
function firstSeen(record: usize, window: i32): i32 {
  return window ? max(0, stepPosition(record) + 1 - window) : 0;
}

/** Splits that have keys which the position sees. */
@inline
function seenSplits(record: usize, window: i32): i32 {
  return splits(record) - firstSeen(record, window) / SPLIT_KEYS;
}

export function decodeChunks(record: usize): i32 {
  return constant(record, 0) * seenSplits(record, constant(record, 5));
}

export function decodeRun(record: usize, scratch: usize, first: i32, count: i32): void {
  const seen = seenSplits(record, constant(record, 5));
  for (let chunk = first; chunk < first + count; chunk++) {
    attend(record, scratch, chunk / seen, splits(record) - seen + chunk % seen);
  }
}

function attend(record: usize, scratch: usize, head: i32, split: i32): void {
  const heads = constant(record, 0);
  const kvHeads = constant(record, 1);
  const headDim = constant(record, 2);
  const cache = constant(record, 3);
  const quads = headDim / 4;
  const kvHead = head / (heads / kvHeads);
  const start = split * SPLIT_KEYS;
  const count = min(SPLIT_KEYS, stepPosition(record) + 1 - start);
  const q = binding(record, 1) + <usize>(head * headDim) * 4;
  const factor = <f32>1 / sqrt<f32>(<f32>headDim);
  const scores = scratch + SCORES;
  const pages = binding(record, 4) + 4 * (start / PAGE);

  for (let key = 0; key < count; key += PAGE) {
    const page = load<u32>(pages + 4 * (key / PAGE));
    const slots = min(PAGE, count - key);
    const block = cacheBlock(binding(record, 2), page, kvHeads, kvHead, cache, headDim);
    const keys = widenKeys(block, cache, headDim, slots, scratch + KEYS);
    scoreOne(q, keys, 16 * PAGE, slots, quads, factor, scores + 4 * key);
  }
  const hidden = firstSeen(record, constant(record, 5)) - start;
  for (let key = 0; key < hidden; key++) store<f32>(scores + 4 * key, NEVER);
  closeScores(scores, count);
  const largest = largestScore(scores, count, NEVER);
  const total = weigh(scores, count, largest);

  const out = scratch + OUTPUTS;
  memory.fill(out, 0, 4 * headDim);
  for (let key = 0; key < count; key += PAGE) {
    const page = load<u32>(pages + 4 * (key / PAGE));
    const slots = min(PAGE, count - key);
    const block = cacheBlock(binding(record, 3), page, kvHeads, kvHead, cache, headDim);
    const values = widenValues(block, cache, headDim, slots, scratch + VALUES);
    valueOne(scores + 4 * key, values, 4 * headDim, slots, quads, out);
  }
  const part = head * constant(record, 4) + split;
  memory.copy(binding(record, 5) + <usize>(part * headDim) * 4, out, 4 * headDim);
  store<f32>(binding(record, 6) + 8 * part, largest);
  store<f32>(binding(record, 6) + 8 * part + 4, total);
}

/** Constants: 0 heads, 1 dimensions of a head, 2 pages, 3 keys that a position sees. */
export function reduceRun(record: usize, first: i32, count: i32): void {
  const headDim = constant(record, 1);
  const room = constant(record, 2);
  const begin = firstSeen(record, constant(record, 3)) / SPLIT_KEYS;
  for (let head = first; head < first + count; head++) {
    const stats = binding(record, 2) + <usize>(head * room) * 8;
    let largest = NEVER;
    for (let split = begin; split < splits(record); split++) largest = max(largest, load<f32>(stats + 8 * split));
    const out = binding(record, 3) + <usize>(head * headDim) * 4;
    memory.fill(out, 0, 4 * headDim);
    let total: f32 = 0;
    for (let split = begin; split < splits(record); split++) {
      const factor = exp1(load<f32>(stats + 8 * split) - largest);
      total += factor * load<f32>(stats + 8 * split + 4);
      const part = binding(record, 1) + <usize>((head * room + split) * headDim) * 4;
      for (let i: usize = 0; i < <usize>headDim * 4; i += 16) {
        const term = f32x4.mul(f32x4.splat(factor), v128.load(part + i));
        v128.store(out + i, f32x4.add(v128.load(out + i), term));
      }
    }
    for (let i: usize = 0; i < <usize>headDim * 4; i += 16) {
      v128.store(out + i, f32x4.div(v128.load(out + i), f32x4.splat(total)));
    }
  }
}
