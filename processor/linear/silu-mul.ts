// gate = silu(gate) * up, in place: shaders/linear/silu-mul.wgsl. Chunks: a token.
import { silu4 } from '../lib/simd';
import { binding, param } from '../record';

export function siluMulRun(record: usize, first: i32, count: i32): void {
  const row = <usize>param(record, 0) * 16;
  for (let at = row * first; at < row * (first + count); at += 16) {
    const gate = binding(record, 1) + at;
    v128.store(gate, f32x4.mul(silu4(v128.load(gate)), v128.load(binding(record, 2) + at)));
  }
}
