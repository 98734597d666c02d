// q += q_bias, k += k_bias, v += v_bias, in place: shaders/linear/add-bias.wgsl.
//
// Constants: 0 numbers of a token's q, 1 of its k, and of its v. Chunks: a token.
import { binding, constant } from '../record';

export function addBiasRun(record: usize, first: i32, count: i32): void {
  for (let token = first; token < first + count; token++) {
    for (let i = 0; i < 3; i++) {
      const width = constant(record, i == 0 ? 0 : 1);
      const x = binding(record, 1 + i) + <usize>(token * width) * 4;
      const bias = binding(record, 4 + i);
      for (let at: usize = 0; at < <usize>width * 4; at += 16) {
        v128.store(x + at, f32x4.add(v128.load(x + at), v128.load(bias + at)));
      }
    }
  }
}
