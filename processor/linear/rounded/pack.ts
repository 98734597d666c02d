// Rounded activations of up to 256 tokens as rounded/matmul.ts takes them: a tile of four tokens holds quads [quad][token], steps
// [block of 32][token] and what sums are worth [group of the format][token]. Tokens past the last are zero.
//
// Constants: 0 the block of 256 tokens, 1 format, 2 bits. Parameters and bindings: those of the matmul that follows. Chunks: a tile.
import { zero } from '../../lib/simd';
import { binding, ceilDiv, constant, PACKED_BINDING, param } from '../../record';
import { BLOCK_TOKENS, blockTokens } from '../pack-activations';
import { groupOf, largestOf32, mostOf, roundQuad, storeNarrow, storeWide, sumOfWhole } from './activations';
import { isNarrow } from './products';

/** Bytes of a tile: no more than what the activations themselves take. */
@inline
export function tileBytes(columns: i32): usize {
  return 16 * <usize>columns;
}

@inline
export function tileSteps(columns: i32): usize {
  return 8 * <usize>columns;
}

@inline
export function tileShared(columns: i32): usize {
  return tileSteps(columns) + <usize>columns / 2;
}

export function packRoundedChunks(record: usize): i32 {
  return ceilDiv(blockTokens(record, constant(record, 0)), 4);
}

export function packRoundedRun(record: usize, first: i32, count: i32): void {
  const columns = 16 * param(record, 1);
  const stride = <usize>param(record, 3) * 16;
  const token0 = constant(record, 0) * BLOCK_TOKENS;
  const tokens = blockTokens(record, constant(record, 0));
  for (let tile = first; tile < first + count; tile++) {
    const to = binding(record, PACKED_BINDING) + tileBytes(columns) * tile;
    if (4 * tile + 4 > tokens) memory.fill(to, 0, tileBytes(columns));
    for (let token = 0; token < min(4, tokens - 4 * tile); token++) {
      const x = binding(record, 1) + stride * (token0 + 4 * tile + token);
      packToken(x, columns, constant(record, 1), constant(record, 2), to, token);
    }
  }
}

function packToken(x: usize, columns: i32, format: i32, bits: i32, tile: usize, token: i32): void {
  const narrow = isNarrow(bits);
  const most = mostOf(bits);
  const steps = tile + tileSteps(columns) + 4 * token;
  const shared = tile + tileShared(columns) + 4 * token;
  const groupQuads = groupOf(format) / 4;
  let total = i32x4.splat(0);
  let group = shared;
  let step: f32 = 0;
  let perStep = zero();
  for (let quad = 0; quad < columns / 4; quad++) {
    if ((quad & 7) == 0) {
      step = largestOf32(x + 16 * quad) / most;
      perStep = f32x4.splat(<f32>1 / step);
      store<f32>(steps + 2 * quad, step);
    }
    const whole = roundQuad(x + 16 * quad, perStep);
    if (narrow) storeNarrow(whole, tile + 16 * quad + 4 * token);
    else storeWide(whole, tile + 32 * quad + 8 * token);
    total = i32x4.add(total, whole);
    if (((quad + 1) & (groupQuads - 1)) != 0) continue;
    store<f32>(group, <f32>sumOfWhole(total) * step);
    group += 16;
    total = i32x4.splat(0);
  }
}
