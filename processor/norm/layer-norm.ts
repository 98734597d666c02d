// y = (x - mean) / sqrt(variance + epsilon) * weight + bias: shaders/norm/layer-norm.wgsl. Chunks: a token.
import { sumOf, zero } from '../lib/simd';
import { binding, floatParam, param } from '../record';

export function layerNormRun(record: usize, first: i32, count: i32): void {
  for (let token = first; token < first + count; token++) {
    const x = binding(record, 1) + <usize>param(record, 1) * 4 * token;
    const y = binding(record, 2) + <usize>param(record, 2) * 4 * token;
    normRow(x, binding(record, 3), binding(record, 4), y, param(record, 0), floatParam(record, 3));
  }
}

function normRow(x: usize, weight: usize, bias: usize, y: usize, columns: i32, epsilon: f32): void {
  const whole = columns & ~3;
  let sums = zero();
  for (let i = 0; i < whole; i += 4) sums = f32x4.add(sums, v128.load(x + 4 * i));
  let sum = sumOf(sums);
  for (let i = whole; i < columns; i++) sum += load<f32>(x + 4 * i);
  const mean = sum / <f32>columns;
  let squares = zero();
  for (let i = 0; i < whole; i += 4) {
    const term = f32x4.sub(v128.load(x + 4 * i), f32x4.splat(mean));
    squares = f32x4.add(squares, f32x4.mul(term, term));
  }
  let total = sumOf(squares);
  for (let i = whole; i < columns; i++) {
    const term = load<f32>(x + 4 * i) - mean;
    total += term * term;
  }
  const scale = <f32>1 / sqrt<f32>(total / <f32>columns + epsilon);
  for (let i = 0; i < whole; i += 4) {
    const term = f32x4.mul(f32x4.sub(v128.load(x + 4 * i), f32x4.splat(mean)), f32x4.splat(scale));
    v128.store(y + 4 * i, f32x4.add(f32x4.mul(term, v128.load(weight + 4 * i)), v128.load(bias + 4 * i)));
  }
  for (let i = whole; i < columns; i++) {
    const term = (load<f32>(x + 4 * i) - mean) * scale;
    store<f32>(y + 4 * i, term * load<f32>(weight + 4 * i) + load<f32>(bias + 4 * i));
  }
}
