import {
  type FoundScales,
  type GroupSearch,
  type MinimumSearch,
  mostSearched,
  smallestMagnitude,
} from './group-search.ts';
import { nearestWithin } from './nearest-integer.ts';

const { fround, abs, sqrt } = Math;

const scales = new Float32Array(mostSearched / 16);
const minima = new Float32Array(mostSearched / 16);
const levels = new Uint8Array(mostSearched);
const found: FoundScales = { scales, minima, levels };
const importance = new Float32Array(32);
const candidates = new Float64Array(32);

const tenth = fround(0.1);
/** Divisors of the largest weight that are tried beside `most` itself: a tenth apart, to both sides. */
const stepsAside = 9;

export const scalarSearch: GroupSearch = {
  withMinimum(values, search) {
    for (let group = 0; group * search.count < values.length; group++) {
      weigh(values, group * search.count, search);
      searchMinimum(values, group, search);
    }
    return found;
  },
  signed(values, most) {
    for (let group = 0; 16 * group < values.length; group++)
      scales[group] = searchSigned(values, 16 * group, most);
    return found;
  },
  signedRefined(values, most) {
    for (let group = 0; 16 * group < values.length; group++)
      scales[group] = refineSigned(values, 16 * group, most);
    return found;
  },
};

function weigh(values: Float32Array, at: number, { count, error }: MinimumSearch): void {
  let mean = 0;
  if (error === 'square') {
    let squares = 0;
    for (let i = at; i < at + count; i++) squares = fround(squares + fround(values[i]! * values[i]!));
    mean = fround(sqrt(fround(squares / count)));
  }
  for (let i = 0; i < count; i++) importance[i] = mean + abs(values[at + i]!);
}

/**
 * Divides the range of a group's weights, zero included, into ever more steps; with the levels that each division gives, scale
 * and minimum of least squares, of which those with the smallest error are kept. The next divisions start from them.
 */
function searchMinimum(values: Float32Array, group: number, search: MinimumSearch): void {
  const { count, most, first, steps } = search;
  const isAbsolute = search.error === 'absolute';
  const at = group * count;
  let lowest = values[at]!;
  let highest = lowest;
  let weights = importance[0]!;
  let weightedValues = fround(weights * lowest);
  for (let i = 1; i < count; i++) {
    const value = values[at + i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    weights = fround(weights + importance[i]!);
    weightedValues = fround(weightedValues + fround(importance[i]! * value));
  }
  if (lowest > 0) lowest = 0;
  if (highest === lowest) {
    levels.fill(0, at, at + count);
    scales[group] = 0;
    minima[group] = -lowest;
    return;
  }
  let inverse = fround(most / fround(highest - lowest));
  let scale = fround(1 / inverse);
  let leastError = 0;
  for (let i = 0; i < count; i++) {
    const value = values[at + i]!;
    const level = nearestWithin(fround(inverse * fround(value - lowest)), 0, most);
    levels[at + i] = level;
    const off = fround(fround(fround(scale * level) + lowest) - value);
    leastError = fround(leastError + fround(importance[i]! * (isAbsolute ? abs(off) : fround(off * off))));
  }
  for (let step = 0; step <= steps; step++) {
    const divisor = fround(fround(first + fround(tenth * step)) + most);
    inverse = fround(divisor / fround(highest - lowest));
    let ofLevels = 0;
    let ofSquares = 0;
    let ofProducts = 0;
    for (let i = 0; i < count; i++) {
      const value = values[at + i]!;
      const level = nearestWithin(fround(inverse * fround(value - lowest)), 0, most);
      candidates[i] = level;
      const weighted = fround(importance[i]! * level);
      ofLevels = fround(ofLevels + weighted);
      ofSquares = fround(ofSquares + fround(weighted * level));
      ofProducts = fround(ofProducts + fround(weighted * value));
    }
    const determinant = fround(fround(weights * ofSquares) - fround(ofLevels * ofLevels));
    if (!(determinant > 0)) continue;
    let fitted = fround(
      fround(fround(weights * ofProducts) - fround(weightedValues * ofLevels)) / determinant,
    );
    let offset = fround(
      fround(fround(ofSquares * weightedValues) - fround(ofLevels * ofProducts)) / determinant,
    );
    if (offset > 0) {
      offset = 0;
      fitted = fround(ofProducts / ofSquares);
    }
    let error = 0;
    for (let i = 0; i < count; i++) {
      const off = fround(fround(fround(fitted * candidates[i]!) + offset) - values[at + i]!);
      error = fround(error + fround(importance[i]! * (isAbsolute ? abs(off) : fround(off * off))));
    }
    if (!(error < leastError)) continue;
    for (let i = 0; i < count; i++) levels[at + i] = candidates[i]!;
    leastError = error;
    scale = fitted;
    lowest = offset;
  }
  scales[group] = scale;
  minima[group] = -lowest;
}

/** The weight of largest magnitude of a group of 16, with its sign; the first of equals. */
function extremeOf(values: Float32Array, at: number): number {
  let extreme = 0;
  for (let i = at; i < at + 16; i++) if (abs(values[i]!) > abs(extreme)) extreme = values[i]!;
  return extreme;
}

/** With the levels that each divisor gives, the scale of least squares; a weight counts its square. */
function searchSigned(values: Float32Array, at: number, most: number): number {
  const extreme = extremeOf(values, at);
  if (abs(extreme) < smallestMagnitude) {
    levels.fill(0, at, at + 16);
    return 0;
  }
  let scale = 0;
  let best = 0;
  for (let round = 0; round <= 2 * stepsAside; round++) {
    // `most` first, then from what is less to what is more.
    const aside = round === 0 ? 0 : round <= stepsAside ? round - 1 - stepsAside : round - stepsAside;
    const inverse = fround(-fround(most + fround(tenth * aside)) / extreme);
    let products = 0;
    let squares = 0;
    for (let i = at; i < at + 16; i++) {
      const value = values[i]!;
      const level = nearestWithin(fround(inverse * value), -most, most - 1);
      const square = fround(value * value);
      products = fround(products + fround(fround(square * value) * level));
      squares = fround(squares + fround(fround(square * level) * level));
    }
    const isBetter = squares > 0 && fround(products * products) > fround(best * squares);
    if (round > 0 && !isBetter) continue;
    scale = squares === 0 ? 0 : fround(products / squares);
    best = fround(scale * products);
    for (let i = at; i < at + 16; i++) {
      levels[i] = nearestWithin(fround(inverse * values[i]!), -most, most - 1) + most;
    }
  }
  return scale;
}

/** Moves each level to where, with the scale that the others give, its weight is nearest; five times over all of them at most. */
function refineSigned(values: Float32Array, at: number, most: number): number {
  const extreme = extremeOf(values, at);
  if (abs(extreme) < smallestMagnitude) {
    levels.fill(0, at, at + 16);
    return 0;
  }
  const inverse = fround(-most / extreme);
  let products = 0;
  let squares = 0;
  for (let i = at; i < at + 16; i++) {
    const value = values[i]!;
    const level = nearestWithin(fround(inverse * value), -most, most - 1);
    levels[i] = level + most;
    const square = fround(value * value);
    products = fround(products + fround(fround(square * value) * level));
    squares = fround(squares + fround(fround(square * level) * level));
  }
  for (let round = 0; round < 5; round++) {
    let hasChanged = false;
    for (let i = at; i < at + 16; i++) {
      const value = values[i]!;
      const level = levels[i]! - most;
      const square = fround(value * value);
      const cube = fround(square * value);
      let otherProducts = fround(products - fround(cube * level));
      if (!(otherProducts > 0)) continue;
      let otherSquares = fround(squares - fround(fround(square * level) * level));
      const nearest = fround(fround(value * otherSquares) / otherProducts);
      const moved = nearestWithin(nearest, -most, most - 1);
      if (moved === level) continue;
      otherProducts = fround(otherProducts + fround(cube * moved));
      otherSquares = fround(otherSquares + fround(fround(square * moved) * moved));
      const isBetter =
        otherSquares > 0 &&
        fround(fround(otherProducts * otherProducts) * squares) >
          fround(fround(products * products) * otherSquares);
      if (!isBetter) continue;
      levels[i] = moved + most;
      products = otherProducts;
      squares = otherSquares;
      hasChanged = true;
    }
    if (!hasChanged) break;
  }
  return squares > 0 ? fround(products / squares) : 0;
}
