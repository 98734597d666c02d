// The index of the largest logit, ties to the lowest; 0xffffffff where one is not finite: shaders/sample/argmax.wgsl.
// Chunks: one.
import { binding, param } from '../record';

export function argmaxRun(record: usize): void {
  const count = param(record, 0);
  const logits = binding(record, 1);
  const exponent = i32x4.splat(0x7f800000);
  let best = f32x4.splat(-3.0e38);
  let ids = i32x4.splat(0xfffffffe);
  let broken = i32x4.splat(0);
  let at = i32x4(0, 1, 2, 3);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const term = v128.load(logits + 4 * i);
    broken = v128.or(broken, i32x4.eq(v128.and(term, exponent), exponent));
    const isMore = f32x4.gt(term, best);
    best = v128.bitselect(term, best, isMore);
    ids = v128.bitselect(at, ids, isMore);
    at = i32x4.add(at, i32x4.splat(4));
  }
  let logit = f32x4.extract_lane(best, 0);
  let id = <u32>i32x4.extract_lane(ids, 0);
  let isBroken = v128.any_true(broken);
  for (let lane = 1; lane < 4; lane++) {
    best = i32x4.shuffle(best, best, 1, 2, 3, 0);
    ids = i32x4.shuffle(ids, ids, 1, 2, 3, 0);
    const other = f32x4.extract_lane(best, 0);
    const otherId = <u32>i32x4.extract_lane(ids, 0);
    if (other > logit || (other == logit && otherId < id)) {
      logit = other;
      id = otherId;
    }
  }
  for (; i < count; i++) {
    const bits = load<u32>(logits + 4 * i);
    if ((bits & 0x7f800000) == 0x7f800000) isBroken = true;
    if (reinterpret<f32>(bits) > logit) {
      logit = reinterpret<f32>(bits);
      id = i;
    }
  }
  store<u32>(binding(record, 2), id);
  store<u32>(binding(record, 3), isBroken ? 0xffffffff : id);
  store<u32>(binding(record, 3), reinterpret<u32>(logit), 4);
}
