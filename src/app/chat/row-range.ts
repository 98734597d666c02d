/** Messages of a conversation from one place up to another, which is not among them. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Where each row begins, in pixels from the first, and where the last one ends. */
export function rowTops(heights: readonly number[]): number[] {
  const tops = [0];
  for (const height of heights) tops.push(tops.at(-1)! + height);
  return tops;
}

/** The row that lies at a height; the first or the last one beyond them. */
export function rowAt(tops: readonly number[], top: number): number {
  let low = 0;
  let high = Math.max(0, tops.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tops[middle]! <= top) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The rows of which something lies between two heights. */
export function rowsBetween(tops: readonly number[], top: number, bottom: number): RowRange {
  if (tops.length < 2) return { from: 0, to: 0 };
  return { from: rowAt(tops, top), to: rowAt(tops, bottom) + 1 };
}

export const holds = (outer: RowRange, inner: RowRange): boolean =>
  outer.from <= inner.from && inner.to <= outer.to;

const touches = (a: RowRange, b: RowRange): boolean => a.from <= b.to && b.from <= a.to;

/** With what has to be there as well, but nothing beyond `most`. Rows that are left far behind are given up whole. */
export function widened(range: RowRange, needed: RowRange, most: RowRange): RowRange {
  if (!touches(range, needed)) return needed;
  return {
    from: Math.min(needed.from, Math.max(range.from, most.from)),
    to: Math.max(needed.to, Math.min(range.to, most.to)),
  };
}

/** One step towards `wanted`: a few rows below, or else above. Itself where it holds them. */
export function grown(range: RowRange, wanted: RowRange, rows: number): RowRange {
  if (range.to < wanted.to) return { ...range, to: Math.min(wanted.to, range.to + rows) };
  if (range.from > wanted.from) return { ...range, from: Math.max(wanted.from, range.from - rows) };
  return range;
}
