// Rows of the embedding: shaders/embed/gather.wgsl has formula and parameters.
//
// Constants: 0 format, 1 whether rows lie interleaved. Chunks: a token. A part of the matrix writes the tokens of its rows.
import { binding, constant, param, bindingBytes } from '../record';
import { dequantize } from '../linear/formats/formats';
import { dequantizeInterleaved } from '../linear/interleaved';

const ROW: usize = 128;

export function gatherRun(record: usize, scratch: usize, first: i32, count: i32): void {
  const columns = 16 * param(record, 2);
  const stride = 4 * param(record, 3);
  for (let token = first; token < first + count; token++) {
    const row = load<u32>(binding(record, 1) + 4 * token) - <u32>param(record, 0);
    if (row >= <u32>param(record, 1)) continue;
    const to = binding(record, 2) + <usize>stride * 4 * token;
    for (let column = 0; column < columns; column += 512) {
      const count = min(512, columns - column);
      if (constant(record, 1)) {
        dequantizeInterleaved(constant(record, 0), record, row, columns, column, count, scratch + ROW, scratch);
      } else dequantize(constant(record, 0), record, row, columns, column, count, scratch + ROW, scratch);
      const width = min(512, stride - column);
      if (width > 0) memory.copy(to + 4 * column, scratch + ROW, 4 * min(width, count));
    }
  }
}
