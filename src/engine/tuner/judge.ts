import { percentile } from '../timing/statistics.ts';

/** What a candidate took, and what the default took just before and just after. */
export interface Round {
  ms: number;
  before: number;
  after: number;
}

/** Rounds that are enough to decide. */
export const enoughRounds = 5;
/** Neighbours that differ by more say that something else ran on the device. */
const mostDrift = 0.1;
/** What is less is not worth another form than the one that is tested everywhere. */
const leastGain = 0.05;
/** A candidate that is so much slower at once does not become the fastest. */
const hopeless = 1.1;

export function isSteady({ before, after }: Pick<Round, 'before' | 'after'>): boolean {
  return Math.abs(before - after) <= mostDrift * Math.min(before, after);
}

/** Outliers of a timing are slow ones: something came between. */
export function lowerQuartile(values: readonly number[]): number {
  return percentile(values, 0.25);
}

function defaultsOf(rounds: readonly Round[]): number[] {
  return rounds.flatMap(({ before, after }) => [before, after]);
}

function isFasterBy(summary: (values: readonly number[]) => number, rounds: readonly Round[]): boolean {
  return summary(rounds.map(({ ms }) => ms)) <= (1 - leastGain) * summary(defaultsOf(rounds));
}

const least = (values: readonly number[]) => Math.min(...values);

/** In all rounds together, and at its best in the first half of them and in the second: no lucky moment of either. */
export function isFaster(rounds: readonly Round[]): boolean {
  const half = Math.floor(rounds.length / 2);
  return (
    rounds.length >= enoughRounds &&
    isFasterBy(lowerQuartile, rounds) &&
    isFasterBy(least, rounds.slice(0, half)) &&
    isFasterBy(least, rounds.slice(-half))
  );
}

/** Before all rounds are over: whether more of them are worth their time. */
export function isPromising(rounds: readonly Round[]): boolean {
  if (rounds.length === 0) return true;
  const own = least(rounds.map(({ ms }) => ms));
  return own <= (rounds.length === 1 ? hopeless : 1 - leastGain) * least(defaultsOf(rounds));
}
