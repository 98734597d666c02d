// Adds the table's row to each patch, and makes the class tokens where there are any: shaders/vision/positions.wgsl. Chunks: a token.
import { binding, param } from '../record';

export function positionsRun(record: usize, first: i32, count: i32): void {
  const hidden = param(record, 1);
  for (let token = first; token < first + count; token++) {
    const position = token % param(record, 0);
    const x = binding(record, 1) + <usize>param(record, 2) * 4 * token;
    const from = position < param(record, 3) ? binding(record, 2) : x;
    const table = binding(record, 3) + <usize>hidden * 4 * position;
    for (let i = 0; i < hidden; i++) store<f32>(x + 4 * i, load<f32>(from + 4 * i) + load<f32>(table + 4 * i));
  }
}
