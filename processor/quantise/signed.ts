// Scales without a minimum, groups of 16: Q6_K, Q3_K.
import { nearestWithin, pick, storeLevels, toLanes } from './lanes';

const COUNT: i32 = 16;
const SMALLEST: f32 = 1e-15;
const STEPS_ASIDE: i32 = 9;

/** `groups` is a multiple of four. Receive: `scales` f32 by group, `levels` u8 by weight. `scratch` has 256 bytes. */
export function searchSigned(
  values: usize,
  groups: i32,
  most: i32,
  scales: usize,
  levels: usize,
  scratch: usize,
): void {
  for (let group = 0; group < groups; group += 4) {
    toLanes(values + 4 * group * COUNT, COUNT, scratch);
    searchFour(scratch, most, scales + 4 * group, levels + group * COUNT);
  }
}

/** As `searchSigned`; `scratch` has 512 bytes. */
export function refineSigned(
  values: usize,
  groups: i32,
  most: i32,
  scales: usize,
  levels: usize,
  scratch: usize,
): void {
  for (let group = 0; group < groups; group += 4) {
    toLanes(values + 4 * group * COUNT, COUNT, scratch);
    refineFour(scratch, most, scales + 4 * group, levels + group * COUNT, scratch + 16 * COUNT);
  }
}

@inline
function extremeOf(x: usize): v128 {
  let extreme = f32x4.splat(0);
  for (let i = 0; i < COUNT; i++) {
    const value = v128.load(x + 16 * i);
    extreme = pick(f32x4.gt(f32x4.abs(value), f32x4.abs(extreme)), value, extreme);
  }
  return extreme;
}

function searchFour(x: usize, most: i32, scales: usize, levels: usize): void {
  const zero = f32x4.splat(0);
  const least = i32x4.splat(-most);
  const greatest = i32x4.splat(most - 1);
  const extreme = extremeOf(x);
  const isZero = f32x4.lt(f32x4.abs(extreme), f32x4.splat(SMALLEST));
  let scale = zero;
  let best = zero;
  let bestInverse = zero;
  for (let round = 0; round <= 2 * STEPS_ASIDE; round++) {
    const aside = round == 0 ? 0 : round <= STEPS_ASIDE ? round - 1 - STEPS_ASIDE : round - STEPS_ASIDE;
    const divisor: f32 = -(<f32>most + <f32>0.1 * <f32>aside);
    const inverse = f32x4.div(f32x4.splat(divisor), extreme);
    let products = zero;
    let squares = zero;
    for (let i = 0; i < COUNT; i++) {
      const value = v128.load(x + 16 * i);
      const level = nearestWithin(f32x4.mul(inverse, value), least, greatest);
      const square = f32x4.mul(value, value);
      products = f32x4.add(products, f32x4.mul(f32x4.mul(square, value), level));
      squares = f32x4.add(squares, f32x4.mul(f32x4.mul(square, level), level));
    }
    const isBetter =
      round == 0
        ? i32x4.splat(-1)
        : v128.and(
            f32x4.gt(squares, zero),
            f32x4.gt(f32x4.mul(products, products), f32x4.mul(best, squares)),
          );
    const fitted = v128.andnot(f32x4.div(products, squares), f32x4.eq(squares, zero));
    scale = pick(isBetter, fitted, scale);
    best = pick(isBetter, f32x4.mul(fitted, products), best);
    bestInverse = pick(isBetter, inverse, bestInverse);
  }
  v128.store(scales, v128.andnot(scale, isZero));
  for (let i = 0; i < COUNT; i++) {
    const level = nearestWithin(f32x4.mul(bestInverse, v128.load(x + 16 * i)), least, greatest);
    storeLevels(levels, COUNT, i, v128.andnot(f32x4.add(level, f32x4.splat(<f32>most)), isZero));
  }
}

function refineFour(x: usize, most: i32, scales: usize, levels: usize, chosen: usize): void {
  const zero = f32x4.splat(0);
  const least = i32x4.splat(-most);
  const greatest = i32x4.splat(most - 1);
  const extreme = extremeOf(x);
  const isZero = f32x4.lt(f32x4.abs(extreme), f32x4.splat(SMALLEST));
  const inverse = f32x4.div(f32x4.splat(<f32>-most), extreme);
  let products = zero;
  let squares = zero;
  for (let i = 0; i < COUNT; i++) {
    const value = v128.load(x + 16 * i);
    const level = nearestWithin(f32x4.mul(inverse, value), least, greatest);
    v128.store(chosen + 16 * i, level);
    const square = f32x4.mul(value, value);
    products = f32x4.add(products, f32x4.mul(f32x4.mul(square, value), level));
    squares = f32x4.add(squares, f32x4.mul(f32x4.mul(square, level), level));
  }
  for (let round = 0; round < 5; round++) {
    // A lane in which nothing changed changes no more.
    let hasChanged = zero;
    for (let i = 0; i < COUNT; i++) {
      const value = v128.load(x + 16 * i);
      const level = v128.load(chosen + 16 * i);
      const square = f32x4.mul(value, value);
      const cube = f32x4.mul(square, value);
      let otherProducts = f32x4.sub(products, f32x4.mul(cube, level));
      const isPositive = f32x4.gt(otherProducts, zero);
      let otherSquares = f32x4.sub(squares, f32x4.mul(f32x4.mul(square, level), level));
      const nearest = f32x4.div(f32x4.mul(value, otherSquares), otherProducts);
      const moved = nearestWithin(nearest, least, greatest);
      const isMoved = v128.and(isPositive, f32x4.ne(moved, level));
      otherProducts = f32x4.add(otherProducts, f32x4.mul(cube, moved));
      otherSquares = f32x4.add(otherSquares, f32x4.mul(f32x4.mul(square, moved), moved));
      const isFitter = f32x4.gt(
        f32x4.mul(f32x4.mul(otherProducts, otherProducts), squares),
        f32x4.mul(f32x4.mul(products, products), otherSquares),
      );
      const isBetter = v128.and(isMoved, v128.and(f32x4.gt(otherSquares, zero), isFitter));
      v128.store(chosen + 16 * i, pick(isBetter, moved, level));
      products = pick(isBetter, otherProducts, products);
      squares = pick(isBetter, otherSquares, squares);
      hasChanged = v128.or(hasChanged, isBetter);
    }
    if (!v128.any_true(hasChanged)) break;
  }
  const scale = v128.and(f32x4.div(products, squares), f32x4.gt(squares, zero));
  v128.store(scales, v128.andnot(scale, isZero));
  for (let i = 0; i < COUNT; i++) {
    const level = f32x4.add(v128.load(chosen + 16 * i), f32x4.splat(<f32>most));
    storeLevels(levels, COUNT, i, v128.andnot(level, isZero));
  }
}
