// Scales with a minimum: Q2_K, Q4_K, Q5_K.
import { nearestWithin, pick, storeLevels, toLanes } from './lanes';

/**
 * `groups` is a multiple of four. Receive, by group: `scales`, `minima` f32; by weight: `levels` u8. `scratch` has 48 bytes a
 * weight of one group.
 */
export function searchMinimum(
  values: usize,
  groups: i32,
  count: i32,
  most: i32,
  first: f32,
  steps: i32,
  isAbsolute: i32,
  scales: usize,
  minima: usize,
  levels: usize,
  scratch: usize,
): void {
  const x = scratch;
  const importance = x + 16 * count;
  const candidates = importance + 16 * count;
  for (let group = 0; group < groups; group += 4) {
    toLanes(values + 4 * group * count, count, x);
    weigh(x, count, isAbsolute, importance);
    searchFour(
      x,
      importance,
      candidates,
      count,
      most,
      first,
      steps,
      isAbsolute,
      scales + 4 * group,
      minima + 4 * group,
      levels + group * count,
    );
  }
}

function weigh(x: usize, count: i32, isAbsolute: i32, importance: usize): void {
  let mean = f32x4.splat(0);
  if (!isAbsolute) {
    for (let i = 0; i < count; i++) {
      const value = v128.load(x + 16 * i);
      mean = f32x4.add(mean, f32x4.mul(value, value));
    }
    mean = f32x4.sqrt(f32x4.div(mean, f32x4.splat(<f32>count)));
  }
  for (let i = 0; i < count; i++) {
    v128.store(importance + 16 * i, f32x4.add(mean, f32x4.abs(v128.load(x + 16 * i))));
  }
}

/** The error of levels, of which there are `count`. */
@inline
function errorOf(
  x: usize,
  importance: usize,
  levels: usize,
  count: i32,
  scale: v128,
  offset: v128,
  isAbsolute: i32,
): v128 {
  let error = f32x4.splat(0);
  for (let i = 0; i < count; i++) {
    const level = v128.load(levels + 16 * i);
    const off = f32x4.sub(f32x4.add(f32x4.mul(scale, level), offset), v128.load(x + 16 * i));
    const cost = isAbsolute ? f32x4.abs(off) : f32x4.mul(off, off);
    error = f32x4.add(error, f32x4.mul(v128.load(importance + 16 * i), cost));
  }
  return error;
}

function searchFour(
  x: usize,
  importance: usize,
  candidates: usize,
  count: i32,
  most: i32,
  first: f32,
  steps: i32,
  isAbsolute: i32,
  scales: usize,
  minima: usize,
  levels: usize,
): void {
  const zero = f32x4.splat(0);
  const least = i32x4.splat(0);
  const greatest = i32x4.splat(most);
  let lowest = v128.load(x);
  let highest = lowest;
  let weights = v128.load(importance);
  let weightedValues = f32x4.mul(weights, lowest);
  for (let i = 1; i < count; i++) {
    const value = v128.load(x + 16 * i);
    const weight = v128.load(importance + 16 * i);
    lowest = pick(f32x4.lt(value, lowest), value, lowest);
    highest = pick(f32x4.gt(value, highest), value, highest);
    weights = f32x4.add(weights, weight);
    weightedValues = f32x4.add(weightedValues, f32x4.mul(weight, value));
  }
  lowest = pick(f32x4.gt(lowest, zero), zero, lowest);
  const isConstant = f32x4.eq(highest, lowest);
  const constant = lowest;

  let inverse = f32x4.div(f32x4.splat(<f32>most), f32x4.sub(highest, lowest));
  let scale = f32x4.div(f32x4.splat(1), inverse);
  for (let i = 0; i < count; i++) {
    const above = f32x4.sub(v128.load(x + 16 * i), lowest);
    v128.store(candidates + 16 * i, nearestWithin(f32x4.mul(inverse, above), least, greatest));
  }
  let leastError = errorOf(x, importance, candidates, count, scale, lowest, isAbsolute);
  // The division that gave the best levels.
  let bestInverse = inverse;
  let bestLowest = lowest;

  for (let step = 0; step <= steps; step++) {
    const divisor: f32 = first + <f32>0.1 * <f32>step + <f32>most;
    inverse = f32x4.div(f32x4.splat(divisor), f32x4.sub(highest, lowest));
    let ofLevels = zero;
    let ofSquares = zero;
    let ofProducts = zero;
    for (let i = 0; i < count; i++) {
      const value = v128.load(x + 16 * i);
      const level = nearestWithin(f32x4.mul(inverse, f32x4.sub(value, lowest)), least, greatest);
      v128.store(candidates + 16 * i, level);
      const weighted = f32x4.mul(v128.load(importance + 16 * i), level);
      ofLevels = f32x4.add(ofLevels, weighted);
      ofSquares = f32x4.add(ofSquares, f32x4.mul(weighted, level));
      ofProducts = f32x4.add(ofProducts, f32x4.mul(weighted, value));
    }
    const determinant = f32x4.sub(f32x4.mul(weights, ofSquares), f32x4.mul(ofLevels, ofLevels));
    let fitted = f32x4.div(
      f32x4.sub(f32x4.mul(weights, ofProducts), f32x4.mul(weightedValues, ofLevels)),
      determinant,
    );
    let offset = f32x4.div(
      f32x4.sub(f32x4.mul(ofSquares, weightedValues), f32x4.mul(ofLevels, ofProducts)),
      determinant,
    );
    const isAboveZero = f32x4.gt(offset, zero);
    offset = pick(isAboveZero, zero, offset);
    fitted = pick(isAboveZero, f32x4.div(ofProducts, ofSquares), fitted);
    const error = errorOf(x, importance, candidates, count, fitted, offset, isAbsolute);
    const isBetter = v128.and(f32x4.gt(determinant, zero), f32x4.lt(error, leastError));
    bestInverse = pick(isBetter, inverse, bestInverse);
    bestLowest = pick(isBetter, lowest, bestLowest);
    leastError = pick(isBetter, error, leastError);
    scale = pick(isBetter, fitted, scale);
    lowest = pick(isBetter, offset, lowest);
  }
  v128.store(scales, v128.andnot(scale, isConstant));
  v128.store(minima, f32x4.neg(pick(isConstant, constant, lowest)));
  for (let i = 0; i < count; i++) {
    const above = f32x4.sub(v128.load(x + 16 * i), bestLowest);
    const level = nearestWithin(f32x4.mul(bestInverse, above), least, greatest);
    storeLevels(levels, count, i, v128.andnot(level, isConstant));
  }
}
