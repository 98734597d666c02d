// Q4_0: see linear/formats/q4_0.ts. Of four rows a block is 64 bytes, whose low nibbles are columns 0..15, and four f16.
import { zero } from '../../lib/simd';
import { addScaled, dotHighNibbles, dotLowNibbles } from './dots';
import { smallHalves } from './scales';

/** The products of four rows; `shared`: -8 times the sum of each block's activations. */
export function fourQ40<T>(
  quants: usize,
  scales: usize,
  four: i32,
  columns: i32,
  quads: usize,
  steps: usize,
  shared: usize,
): v128 {
  const blocks = columns / 32;
  let w = quants + <usize>four * blocks * 64;
  let scale = scales + <usize>four * blocks * 8;
  let total = zero();
  let x = quads;
  const quad: usize = 4 * sizeof<T>();
  for (let i = 0; i < blocks; i++) {
    let sum = v128.load32_splat(shared + 4 * i);
    let bytes = v128.load(w);
    sum = dotLowNibbles<T>(bytes, x, sum);
    sum = dotHighNibbles<T>(bytes, x + quad, sum);
    bytes = v128.load(w, 16);
    sum = dotLowNibbles<T>(bytes, x + 2 * quad, sum);
    sum = dotHighNibbles<T>(bytes, x + 3 * quad, sum);
    bytes = v128.load(w, 32);
    sum = dotLowNibbles<T>(bytes, x + 4 * quad, sum);
    sum = dotHighNibbles<T>(bytes, x + 5 * quad, sum);
    bytes = v128.load(w, 48);
    sum = dotLowNibbles<T>(bytes, x + 6 * quad, sum);
    sum = dotHighNibbles<T>(bytes, x + 7 * quad, sum);
    total = addScaled(total, sum, f32x4.mul(smallHalves(scale), v128.load32_splat(steps + 4 * i)));
    w += 64;
    scale += 8;
    x += 8 * quad;
  }
  return f32x4.mul(total, f32x4.splat(f32(281474976710656.0)));
}
