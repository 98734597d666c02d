// The RMSNorm of each head of queries and of keys, in place: shaders/norm/head-norm.wgsl.
//
// Constants: 0 heads, 1 kv heads, 2 dimensions of a head. Chunks: a token.
import { sumOf, zero } from '../lib/simd';
import { binding, constant, floatParam } from '../record';

export function headNormRun(record: usize, first: i32, count: i32): void {
  const headDim = constant(record, 2);
  for (let token = first; token < first + count; token++) {
    for (let i = 0; i < 2; i++) {
      const heads = constant(record, i);
      for (let head = 0; head < heads; head++) {
        const x = binding(record, 1 + i) + <usize>((token * heads + head) * headDim) * 4;
        normHead(x, binding(record, 3 + i), headDim, floatParam(record, 0));
      }
    }
  }
}

function normHead(x: usize, weight: usize, headDim: i32, epsilon: f32): void {
  const bytes = <usize>headDim * 4;
  let squares = zero();
  for (let at: usize = 0; at < bytes; at += 16) {
    const term = v128.load(x + at);
    squares = f32x4.add(squares, f32x4.mul(term, term));
  }
  const scale = f32x4.splat(<f32>1 / sqrt<f32>(sumOf(squares) / <f32>headDim + epsilon));
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(x + at, f32x4.mul(f32x4.mul(v128.load(x + at), scale), v128.load(weight + at)));
  }
}
