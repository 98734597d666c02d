// How much attention the keys of a block receive, and what adds it up: shaders/attention/key-scores.wgsl and
// key-scores-reduce.wgsl.
//
// Constants: 0 heads, 1 kv heads, 2 dimensions of a head, 3 cache. Chunks: a head and 16 queries (so many, because the partial
// scores that the host makes room for are by these); of the second kernel 64 keys.
import { exp1 } from '../lib/simd';
import { binding, bindingBytes, ceilDiv, constant, stepPosition, stepTokens } from '../record';
import { cacheBlock, PAGE, widenKeys } from './cache';
import { KEYS, LARGEST, SCORES, TOTALS } from './scratch';
import { closeScores, largestScore, NEVER, scoreTile, TILE_KEYS, weigh } from './tile';

const TILE_QUERIES: i32 = 16;

@inline
function blockFirstQuery(record: usize): i32 {
  return load<i32>(binding(record, 8));
}

@inline
function blockStart(record: usize): i32 {
  return load<i32>(binding(record, 8), 4);
}

@inline
function blockCount(record: usize): i32 {
  return load<i32>(binding(record, 8), 8);
}

export function keyScoresChunks(record: usize): i32 {
  return constant(record, 0) * ceilDiv(stepTokens(record), TILE_QUERIES);
}

export function keyScoresRun(record: usize, scratch: usize, first: i32, count: i32): void {
  const heads = constant(record, 0);
  for (let chunk = first; chunk < first + count; chunk++) scoreKeys(record, scratch, chunk % heads, chunk / heads);
}

/** The tile's scores with the keys of a page, `slots` of them. */
function scorePage(record: usize, scratch: usize, head: i32, token0: i32, queries: i32, page: i32, slots: i32): void {
  const heads = constant(record, 0);
  const kvHeads = constant(record, 1);
  const headDim = constant(record, 2);
  const cache = constant(record, 3);
  const row = <usize>(heads * headDim) * 4;
  const q = binding(record, 1) + row * token0 + <usize>(head * headDim) * 4;
  const physical = load<u32>(binding(record, 4) + 4 * page);
  const block = cacheBlock(binding(record, 2), physical, kvHeads, head / (heads / kvHeads), cache, headDim);
  const keys = widenKeys(block, cache, headDim, slots, scratch + KEYS);
  const factor = <f32>1 / sqrt<f32>(<f32>headDim);
  scoreTile(q, row, queries, keys, 16 * PAGE, 16, slots, headDim / 4, factor, scratch + SCORES);
}

function scoreKeys(record: usize, scratch: usize, head: i32, tile: i32): void {
  const token0 = tile * TILE_QUERIES;
  const queries = min(TILE_QUERIES, stepTokens(record) - token0);
  const position = stepPosition(record) + token0;
  const last = position + queries - 1;
  if (last < blockFirstQuery(record)) return;

  for (let t = 0; t < queries; t++) {
    store<f32>(scratch + LARGEST + 4 * t, NEVER);
    store<f32>(scratch + TOTALS + 4 * t, 0);
  }
  for (let key = 0; key <= last; key += PAGE) {
    const slots = min(PAGE, last + 1 - key);
    scorePage(record, scratch, head, token0, queries, key / PAGE, slots);
    for (let t = 0; t < queries; t++) {
      const visible = min(slots, position + t + 1 - key);
      if (visible <= 0) continue;
      const scores = scratch + SCORES + <usize>(t * TILE_KEYS) * 4;
      closeScores(scores, visible);
      const before = load<f32>(scratch + LARGEST + 4 * t);
      const largest = largestScore(scores, visible, before);
      const total = load<f32>(scratch + TOTALS + 4 * t) * exp1(before - largest);
      store<f32>(scratch + TOTALS + 4 * t, total + weigh(scores, visible, largest));
      store<f32>(scratch + LARGEST + 4 * t, largest);
    }
  }

  const start = blockStart(record);
  const count = blockCount(record);
  const partials = binding(record, 5) + 4 * <usize>((tile * constant(record, 0) + head) * count);
  memory.fill(partials, 0, 4 * count);
  const end = min(start + count, last + 1);
  for (let key0 = start / PAGE * PAGE; key0 < end; key0 += PAGE) {
    scorePage(record, scratch, head, token0, queries, key0 / PAGE, min(PAGE, last + 1 - key0));
    for (let key = max(key0, start); key < min(key0 + PAGE, end); key++) {
      let total: f32 = 0;
      for (let t = max(0, max(key, blockFirstQuery(record)) - position); t < queries; t++) {
        const score = load<f32>(scratch + SCORES + <usize>(t * TILE_KEYS + key - key0) * 4);
        total += exp1(score - load<f32>(scratch + LARGEST + 4 * t)) / load<f32>(scratch + TOTALS + 4 * t);
      }
      store<f32>(partials + 4 * (key - start), total);
    }
  }
}

/** Constants: 0 heads. */
export function reduceScoresChunks(record: usize): i32 {
  return ceilDiv(<i32>min(bindingBytes(record, 2) / 4, <u32>blockCount(record)), 64);
}

export function reduceScoresRun(record: usize, first: i32, count: i32): void {
  const position = stepPosition(record);
  const tokens = stepTokens(record);
  const keys = blockCount(record);
  if (blockFirstQuery(record) >= position + tokens) return;
  const firstTile = (max(blockFirstQuery(record), position) - position) / TILE_QUERIES;
  const heads = constant(record, 0);
  const rows = ceilDiv(tokens, TILE_QUERIES) * heads;
  for (let j = 64 * first; j < min(keys, 64 * (first + count)); j++) {
    let sum: f32 = 0;
    for (let row = firstTile * heads; row < rows; row++) sum += load<f32>(binding(record, 1) + <usize>(row * keys + j) * 4);
    const at = binding(record, 2) + 4 * j;
    store<f32>(at, load<f32>(at) + sum);
  }
}
