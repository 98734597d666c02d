// Four groups of weights, a group a lane: weight i of each stands in the i-th v128.

/** 1.5 * 2^23: what is added to it keeps its nearest whole number in its low bits. */
const MAGIC: f32 = 12582912;

/** ggml's rounding to whole numbers, within limits, as f32; what is not a number gives 0, an infinity the least. */
@inline
export function nearestWithin(value: v128, least: v128, most: v128): v128 {
  const sum = f32x4.add(value, f32x4.splat(MAGIC));
  const level = i32x4.sub(v128.and(sum, i32x4.splat(0x7fffff)), i32x4.splat(0x400000));
  return f32x4.convert_i32x4_s(i32x4.min_s(i32x4.max_s(level, least), most));
}

/** A weight of `a` for the lanes that `mask` names, else of `b`. */
@inline
export function pick(mask: v128, a: v128, b: v128): v128 {
  return v128.bitselect(a, b, mask);
}

/** Four groups that follow one another, each of `count` weights. */
export function toLanes(values: usize, count: i32, lanes: usize): void {
  const stride = <usize>count * 4;
  for (let i: usize = 0; i < stride; i += 16) {
    const a = v128.load(values + i);
    const b = v128.load(values + stride + i);
    const c = v128.load(values + 2 * stride + i);
    const d = v128.load(values + 3 * stride + i);
    const abLow = f32x4.shuffle(a, b, 0, 4, 1, 5);
    const abHigh = f32x4.shuffle(a, b, 2, 6, 3, 7);
    const cdLow = f32x4.shuffle(c, d, 0, 4, 1, 5);
    const cdHigh = f32x4.shuffle(c, d, 2, 6, 3, 7);
    v128.store(lanes + 4 * i, f32x4.shuffle(abLow, cdLow, 0, 1, 4, 5));
    v128.store(lanes + 4 * i + 16, f32x4.shuffle(abLow, cdLow, 2, 3, 6, 7));
    v128.store(lanes + 4 * i + 32, f32x4.shuffle(abHigh, cdHigh, 0, 1, 4, 5));
    v128.store(lanes + 4 * i + 48, f32x4.shuffle(abHigh, cdHigh, 2, 3, 6, 7));
  }
}

/** The i-th levels of four groups, whole numbers below 256 as f32, each to its group's bytes. */
@inline
export function storeLevels(levels: usize, count: i32, i: i32, four: v128): void {
  const whole = i32x4.trunc_sat_f32x4_s(four);
  v128.store8_lane(levels + i, whole, 0);
  v128.store8_lane(levels + count + i, whole, 4);
  v128.store8_lane(levels + 2 * count + i, whole, 8);
  v128.store8_lane(levels + 3 * count + i, whole, 12);
}
