// Causal attention of many query tokens against the whole cache: shaders/attention/prefill.wgsl.
//
// Constants: 0 heads, 1 kv heads, 2 dimensions of a head, 3 cache, 4 keys that a position sees, its own included, 0: all. Chunks: a head and 24 queries, whose keys pass by page by page.
import { binding, ceilDiv, constant, stepIsWhole, stepPosition, stepTokens } from '../record';
import { cacheBlock, PAGE, widenKeys, widenValues } from './cache';
import { FACTORS, KEYS, LARGEST, OUTPUTS, QUERIES, SCORES, TOTALS, VALUES } from './scratch';
import { NEVER, scoreTile, softmaxTile, valueTile } from './tile';

export function prefillChunks(record: usize): i32 {
  return constant(record, 0) * ceilDiv(stepTokens(record), QUERIES);
}

export function prefillRun(record: usize, scratch: usize, first: i32, count: i32): void {
  const heads = constant(record, 0);
  for (let chunk = first; chunk < first + count; chunk++) {
    attend(record, scratch, chunk % heads, chunk / heads * QUERIES);
  }
}

function attend(record: usize, scratch: usize, head: i32, token0: i32): void {
  const heads = constant(record, 0);
  const kvHeads = constant(record, 1);
  const headDim = constant(record, 2);
  const cache = constant(record, 3);
  const quads = headDim / 4;
  const kvHead = head / (heads / kvHeads);
  const queries = min(QUERIES, stepTokens(record) - token0);
  const position = stepPosition(record) + token0;
  const row = <usize>(heads * headDim) * 4;
  const q = binding(record, 1) + row * token0 + <usize>(head * headDim) * 4;
  const factor = <f32>1 / sqrt<f32>(<f32>headDim);
  beginTile(scratch, headDim);
  const isWhole = stepIsWhole(record);
  const keyCount = isWhole ? stepPosition(record) + stepTokens(record) : position + queries;
  const window = constant(record, 4);
  const begin = window ? max(0, position + 1 - window) / PAGE * PAGE : 0;
  for (let key = begin; key < keyCount; key += PAGE) {
    const page = load<u32>(binding(record, 4) + 4 * (key / PAGE));
    const slots = min(PAGE, keyCount - key);
    const keyBlock = cacheBlock(binding(record, 2), page, kvHeads, kvHead, cache, headDim);
    const keys = widenKeys(keyBlock, cache, headDim, slots, scratch + KEYS);
    scoreTile(q, row, queries, keys, 16 * PAGE, 16, slots, quads, factor, scratch + SCORES);
    // A key is visible to the queries at its own position and after; in a picture, to all.
    const visible = position + 1 - key;
    // Before the window of the first query; each later one sees a key less.
    const hidden = window ? visible - window : -QUERIES;
    const shown = isWhole ? slots : visible;
    softmaxTile(scratch + SCORES, queries, slots, hidden, shown, scratch + LARGEST, scratch + TOTALS, scratch + FACTORS);
    const valueBlock = cacheBlock(binding(record, 3), page, kvHeads, kvHead, cache, headDim);
    const values = widenValues(valueBlock, cache, headDim, slots, scratch + VALUES);
    valueTile(scratch + SCORES, queries, values, 4 * headDim, slots, quads, scratch + FACTORS, scratch + OUTPUTS);
  }
  const out = binding(record, 5) + row * token0 + <usize>(head * headDim) * 4;
  finishTile(scratch, queries, headDim, out, row);
}

/** No key seen yet, for all QUERIES. */
export function beginTile(scratch: usize, headDim: i32): void {
  for (let t = 0; t < QUERIES; t++) store<f32>(scratch + LARGEST + 4 * t, NEVER);
  memory.fill(scratch + TOTALS, 0, 4 * QUERIES);
  memory.fill(scratch + SCORES, 0, 4 * QUERIES * 64);
  memory.fill(scratch + OUTPUTS, 0, 4 * QUERIES * headDim);
}

/** out = o / l, a query every `stride` bytes. */
export function finishTile(scratch: usize, queries: i32, headDim: i32, out: usize, stride: usize): void {
  for (let t = 0; t < queries; t++) {
    const from = scratch + OUTPUTS + <usize>(t * headDim) * 4;
    const total = v128.load32_splat(scratch + TOTALS + 4 * t);
    for (let i: usize = 0; i < <usize>headDim * 4; i += 16) {
      v128.store(out + stride * t + i, f32x4.div(v128.load(from + i), total));
    }
  }
}
