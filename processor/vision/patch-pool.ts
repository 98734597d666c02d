// The mean of neighbouring patches: shaders/vision/patch-pool.wgsl. Chunks: a token of the output.
import { binding, param } from '../record';

export function patchPoolRun(record: usize, first: i32, count: i32): void {
  const side = param(record, 0);
  const factor = param(record, 1);
  const hidden = param(record, 2);
  const stride = <usize>param(record, 3) * 4;
  const pooled = side / factor;
  for (let token = first; token < first + count; token++) {
    const tile = token / (pooled * pooled);
    const row = ((token / pooled) % pooled) * factor;
    const column = (token % pooled) * factor;
    const corner = binding(record, 1) + stride * ((tile * side + row) * side + column);
    const out = binding(record, 2) + <usize>param(record, 4) * 4 * token;
    for (let k = 0; k < hidden; k++) {
      let sum: f32 = 0;
      for (let down = 0; down < factor; down++) {
        for (let across = 0; across < factor; across++) {
          sum += load<f32>(corner + stride * (down * side + across) + 4 * k);
        }
      }
      store<f32>(out + 4 * k, sum / <f32>(factor * factor));
    }
  }
}
