// Full attention of a vision transformer within each image tile: shaders/attention/encoder.wgsl.
//
// Constants: 0 heads, 1 dimensions of a head, 2 positions of a tile. Chunks: an image tile, a head and 24 queries.
import { binding, ceilDiv, constant, stepTokens } from '../record';
import { beginTile, finishTile } from './prefill';
import { FACTORS, LARGEST, OUTPUTS, QUERIES, SCORES, TOTALS } from './scratch';
import { scoreTile, softmaxTile, TILE_KEYS, valueTile } from './tile';

@inline
function blocksOf(record: usize): i32 {
  return ceilDiv(constant(record, 2), QUERIES);
}

export function encoderChunks(record: usize): i32 {
  return constant(record, 0) * blocksOf(record) * ceilDiv(stepTokens(record), constant(record, 2));
}

export function encoderRun(record: usize, scratch: usize, first: i32, count: i32): void {
  const heads = constant(record, 0);
  const blocks = blocksOf(record);
  for (let chunk = first; chunk < first + count; chunk++) {
    const tile = chunk / (heads * blocks);
    attend(record, scratch, tile, (chunk / blocks) % heads, (chunk % blocks) * QUERIES);
  }
}

function attend(record: usize, scratch: usize, tile: i32, head: i32, query0: i32): void {
  const headDim = constant(record, 1);
  const tile0 = tile * constant(record, 2);
  const positions = min(constant(record, 2), stepTokens(record) - tile0);
  const queries = min(QUERIES, positions - query0);
  if (queries <= 0) return;
  const quads = headDim / 4;
  const row = <usize>(constant(record, 0) * headDim) * 4;
  const start = row * tile0 + <usize>(head * headDim) * 4;
  const factor = <f32>1 / sqrt<f32>(<f32>headDim);
  const q = binding(record, 1) + start + row * query0;
  beginTile(scratch, headDim);
  for (let key = 0; key < positions; key += TILE_KEYS) {
    const count = min(TILE_KEYS, positions - key);
    const keys = binding(record, 2) + start + row * key;
    scoreTile(q, row, queries, keys, 16, row, count, quads, factor, scratch + SCORES);
    softmaxTile(scratch + SCORES, queries, count, -QUERIES, count, scratch + LARGEST, scratch + TOTALS, scratch + FACTORS);
    const values = binding(record, 3) + start + row * key;
    valueTile(scratch + SCORES, queries, values, row, count, quads, scratch + FACTORS, scratch + OUTPUTS);
  }
  finishTile(scratch, queries, headDim, binding(record, 4) + start + row * query0, row);
}
