// The first half of an RMSNorm of one token: shaders/norm/half-norm.wgsl. Chunks: one.
import { sumOf, zero } from '../lib/simd';
import { binding, param } from '../record';

export function halfNormRun(record: usize): void {
  const columns = param(record, 0);
  const x = binding(record, 1);
  const y = binding(record, 2);
  const weight = binding(record, 3);
  let squares = zero();
  let i = 0;
  for (; i + 4 <= columns; i += 4) {
    const term = v128.load(x + 4 * i);
    squares = f32x4.add(squares, f32x4.mul(term, term));
    v128.store(y + 4 * i, f32x4.mul(term, v128.load(weight + 4 * i)));
  }
  let total = sumOf(squares);
  for (; i < columns; i++) {
    const term = load<f32>(x + 4 * i);
    total += term * term;
    store<f32>(y + 4 * i, term * load<f32>(weight + 4 * i));
  }
  const sums = y + 4 * param(record, 1);
  memory.fill(sums, 0, 4 * param(record, 2));
  store<f32>(sums, total);
}
