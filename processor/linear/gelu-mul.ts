// gate = gelu(gate) * up, in place: shaders/linear/gelu-mul.wgsl. Chunks: a token.
import { exp4 } from '../lib/simd';
import { binding, param } from '../record';

export function geluMulRun(record: usize, first: i32, count: i32): void {
  const row = <usize>param(record, 0) * 16;
  for (let at = row * first; at < row * (first + count); at += 16) {
    const gate = binding(record, 1) + at;
    v128.store(gate, f32x4.mul(gelu4(v128.load(gate)), v128.load(binding(record, 2) + at)));
  }
}

function gelu4(z: v128): v128 {
  const cubed = f32x4.mul(f32x4.mul(z, z), z);
  const sum = f32x4.add(z, f32x4.mul(f32x4.splat(0.044715), cubed));
  const u2 = f32x4.max(f32x4.mul(f32x4.splat(1.5957691216057308), sum), f32x4.splat(-88));
  return f32x4.div(z, f32x4.add(f32x4.splat(1), exp4(f32x4.neg(u2))));
}
