// Joins 2 x 2 patches into one token and drops the class tokens: shaders/vision/pixel-shuffle.wgsl. Chunks: a token of the output.
import { binding, param } from '../record';

export function pixelShuffleRun(record: usize, first: i32, count: i32): void {
  const side = param(record, 0);
  const hidden = param(record, 1);
  const half = side / 2;
  for (let token = first; token < first + count; token++) {
    const tile = token / (half * half);
    for (let corner = 0; corner < 4; corner++) {
      const row = ((token / half) % half) * 2 + corner / 2;
      const column = (token % half) * 2 + corner % 2;
      const source = tile * (side * side + 1) + 1 + row * side + column;
      const x = binding(record, 1) + <usize>param(record, 2) * 4 * source;
      const out = binding(record, 2) + 4 * (<usize>param(record, 3) * token + corner * hidden);
      memory.copy(out, x, 4 * hidden);
    }
  }
}
