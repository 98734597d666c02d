// Q8_0: see linear/formats/q8_0.ts. Of four rows a block is 128 bytes and four f16. Its bytes have a sign: activations of 16 bits.
import { zero } from '../../lib/simd';
import { addScaled, dotSignedQuad } from './dots';
import { smallHalves } from './scales';

/** 32 signed bytes of each row. */
@inline
export function dotSignedBlock(w: usize, x: usize): v128 {
  let sum = dotSignedQuad(v128.load(w), x, i32x4.splat(0));
  sum = dotSignedQuad(v128.load(w, 16), x + 8, sum);
  sum = dotSignedQuad(v128.load(w, 32), x + 16, sum);
  sum = dotSignedQuad(v128.load(w, 48), x + 24, sum);
  sum = dotSignedQuad(v128.load(w, 64), x + 32, sum);
  sum = dotSignedQuad(v128.load(w, 80), x + 40, sum);
  sum = dotSignedQuad(v128.load(w, 96), x + 48, sum);
  return dotSignedQuad(v128.load(w, 112), x + 56, sum);
}

/** The products of four rows. */
export function fourQ80(
  quants: usize,
  scales: usize,
  four: i32,
  columns: i32,
  quads: usize,
  steps: usize,
): v128 {
  const blocks = columns / 32;
  let w = quants + <usize>four * blocks * 128;
  let scale = scales + <usize>four * blocks * 8;
  let x = quads;
  let total = zero();
  for (let i = 0; i < blocks; i++) {
    const sum = dotSignedBlock(w, x);
    total = addScaled(total, sum, f32x4.mul(smallHalves(scale), v128.load32_splat(steps + 4 * i)));
    w += 128;
    scale += 8;
    x += 64;
  }
  return f32x4.mul(total, f32x4.splat(f32(281474976710656.0)));
}
