// Rows of the embedding: shaders/embed/gather.wgsl has formula and parameters.
//
// Constants: 0 format, 1 whether rows lie interleaved. Chunks: a token. A part of the matrix writes the tokens of its rows.
import { binding, constant, floatParam, param } from '../record';
import { dequantize } from '../linear/formats/formats';
import { dequantizeInterleaved } from '../linear/interleaved';

const ROW: usize = 128;

export function gatherRun(record: usize, scratch: usize, first: i32, count: i32): void {
  const columns = 16 * param(record, 2);
  const stride = 4 * param(record, 3);
  const scale = floatParam(record, 4);
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
      if (width > 0) scaled(to + 4 * column, scratch + ROW, min(width, count), scale);
    }
  }
}

/** to = scale * from, of `count` numbers: whole vectors, as rows are padded. */
function scaled(to: usize, from: usize, count: i32, scale: f32): void {
  const factor = f32x4.splat(scale);
  for (let at: usize = 0; at < <usize>count * 4; at += 16) {
    v128.store(to + at, f32x4.mul(v128.load(from + at), factor));
  }
}
