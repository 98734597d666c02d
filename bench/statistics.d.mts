export interface Spread {
  median: number;
  p10: number;
  p90: number;
  runs: number;
}

export function spreadOf(values: readonly number[]): Spread;
export function formatNumber(value: number): string;
export function formatSpread(spread: Spread): string;
