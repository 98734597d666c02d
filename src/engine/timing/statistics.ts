/** What is said of a set of measurements: the middle one, and where all but the outer tenths lie. */
export interface Spread {
  median: number;
  p10: number;
  p90: number;
  runs: number;
}

/** The value below which the share `p` (0 to 1) of `values` lies, between two neighbours by straight line. */
export function percentile(values: readonly number[], p: number): number {
  if (values.length === 0) throw new RangeError('No values.');
  const sorted = [...values].sort((a, b) => a - b);
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.ceil(at);
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (at - below);
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function spreadOf(values: readonly number[]): Spread {
  return {
    median: median(values),
    p10: percentile(values, 0.1),
    p90: percentile(values, 0.9),
    runs: values.length,
  };
}

/** The spread of `work / value`: a rate's slow tenth is the time's long tenth. */
export function rateOf(work: number, { median, p10, p90, runs }: Spread): Spread {
  return { median: work / median, p10: work / p90, p90: work / p10, runs };
}
