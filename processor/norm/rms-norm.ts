// y = x / sqrt(mean(x^2) + epsilon) * weight, or y plus that: shaders/norm/rms-norm.wgsl.
//
// Constants: 0 whether only the step's last token is read, into row 0; 1 whether it is added. Chunks: a token.
import { sumOf, zero } from '../lib/simd';
import { binding, constant, floatParam, param, stepTokens } from '../record';

export function rmsNormChunks(record: usize): i32 {
  return constant(record, 0) ? 1 : stepTokens(record);
}

export function rmsNormRun(record: usize, first: i32, count: i32): void {
  for (let token = first; token < first + count; token++) {
    const source = constant(record, 0) ? stepTokens(record) - 1 : token;
    const x = binding(record, 1) + <usize>param(record, 1) * 4 * source;
    const y = binding(record, 2) + <usize>param(record, 2) * 4 * token;
    normRow(x, binding(record, 3), y, param(record, 0), floatParam(record, 3), constant(record, 1) != 0);
  }
}

function normRow(x: usize, weight: usize, y: usize, columns: i32, epsilon: f32, adds: bool): void {
  let squares = zero();
  let i = 0;
  for (; i + 4 <= columns; i += 4) {
    const term = v128.load(x + 4 * i);
    squares = f32x4.add(squares, f32x4.mul(term, term));
  }
  let total = sumOf(squares);
  for (; i < columns; i++) total += load<f32>(x + 4 * i) * load<f32>(x + 4 * i);
  const scale = <f32>1 / sqrt<f32>(total / <f32>columns + epsilon);
  const scales = f32x4.splat(scale);
  for (i = 0; i + 4 <= columns; i += 4) {
    const term = f32x4.mul(f32x4.mul(v128.load(x + 4 * i), scales), v128.load(weight + 4 * i));
    v128.store(y + 4 * i, adds ? f32x4.add(v128.load(y + 4 * i), term) : term);
  }
  for (; i < columns; i++) {
    const term = load<f32>(x + 4 * i) * scale * load<f32>(weight + 4 * i);
    store<f32>(y + 4 * i, adds ? load<f32>(y + 4 * i) + term : term);
  }
}
