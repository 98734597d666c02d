// As in src/engine/timing/statistics.ts, which plain Node cannot import.

/** The middle of these numbers and where all but the outer tenths lie. */
export function spreadOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share => {
    const position = share * (sorted.length - 1);
    const below = Math.floor(position);
    const above = Math.ceil(position);
    return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
  };
  return { median: at(0.5), p10: at(0.1), p90: at(0.9), runs: sorted.length };
}

export const formatNumber = value => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

export const formatSpread = ({ median, p10, p90 }) =>
  `${formatNumber(median)} (${formatNumber(p10)} to ${formatNumber(p90)})`;
