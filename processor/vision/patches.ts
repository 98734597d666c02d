// Cuts tiles into patches, normalised: shaders/vision/patches.wgsl. Chunks: a token.
import { binding, floatParam, param } from '../record';

export function patchesRun(record: usize, first: i32, count: i32): void {
  for (let token = first; token < first + count; token++) patchOf(record, token);
}

function patchOf(record: usize, token: i32): void {
  const tile = param(record, 0);
  const patch = param(record, 1);
  const side = param(record, 2);
  const stride = param(record, 3);
  const out = binding(record, 2) + <usize>stride * 4 * token;
  const leading = param(record, 7);
  const positions = side * side + leading;
  const position = token % positions;
  memory.fill(out, 0, 4 * stride);
  if (position < leading) return;
  const at = position - leading;
  const pixels = binding(record, 1) + <usize>tile * 3 * tile * (token / positions);
  const row0 = (at / side) * patch;
  const column0 = (at % side) * patch;
  for (let channel = 0; channel < 3; channel++) {
    const mean = floatParam(record, 4 + channel);
    const deviation = floatParam(record, 8 + channel);
    for (let y = 0; y < patch; y++) {
      for (let x = 0; x < patch; x++) {
        const value = <f32>load<u8>(pixels + 3 * ((row0 + y) * tile + column0 + x) + channel);
        const cell = (channel * patch + y) * patch + x;
        store<f32>(out + 4 * cell, (value / <f32>255 - mean) / deviation);
      }
    }
  }
}
