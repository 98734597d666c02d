// The activations of up to 256 tokens as matmul takes them: [tile][column][8 tokens], tokens past the last zero.
//
// Constants: 0 the block of 256 tokens. Parameters and bindings: those of the matmul that follows. Chunks: a tile.
import { zero } from '../lib/simd';
import { binding, ceilDiv, constant, PACKED_BINDING, param, stepTokens } from '../record';

export const BLOCK_TOKENS: i32 = 256;

/** Tokens of this block in this step. */
@inline
export function blockTokens(record: usize, block: i32): i32 {
  return max(0, min(BLOCK_TOKENS, stepTokens(record) - block * BLOCK_TOKENS));
}

export function packChunks(record: usize): i32 {
  return ceilDiv(blockTokens(record, constant(record, 0)), 8);
}

export function packRun(record: usize, first: i32, count: i32): void {
  const columns = 16 * param(record, 1);
  const stride = <usize>param(record, 3) * 16;
  const token0 = constant(record, 0) * BLOCK_TOKENS;
  const tokens = blockTokens(record, constant(record, 0));
  for (let tile = first; tile < first + count; tile++) {
    const from = binding(record, 1) + stride * (token0 + 8 * tile);
    const to = binding(record, PACKED_BINDING) + <usize>columns * 32 * tile;
    packFour(from, stride, min(4, tokens - 8 * tile), columns, to);
    packFour(from + 4 * stride, stride, max(0, min(4, tokens - 8 * tile - 4)), columns, to + 16);
  }
}

/** Up to four tokens, into every second vector. */
function packFour(from: usize, stride: usize, tokens: i32, columns: i32, to: usize): void {
  for (let i: usize = 0; i < <usize>columns * 4; i += 16) {
    const a = tokens > 0 ? v128.load(from + i) : zero();
    const b = tokens > 1 ? v128.load(from + stride + i) : zero();
    const c = tokens > 2 ? v128.load(from + 2 * stride + i) : zero();
    const d = tokens > 3 ? v128.load(from + 3 * stride + i) : zero();
    const ab = f32x4.shuffle(a, b, 0, 4, 1, 5);
    const cd = f32x4.shuffle(c, d, 0, 4, 1, 5);
    const AB = f32x4.shuffle(a, b, 2, 6, 3, 7);
    const CD = f32x4.shuffle(c, d, 2, 6, 3, 7);
    const out = to + 8 * i;
    v128.store(out, f32x4.shuffle(ab, cd, 0, 1, 4, 5));
    v128.store(out + 32, f32x4.shuffle(ab, cd, 2, 3, 6, 7));
    v128.store(out + 64, f32x4.shuffle(AB, CD, 0, 1, 4, 5));
    v128.store(out + 96, f32x4.shuffle(AB, CD, 2, 3, 6, 7));
  }
}
