import type { ProcessorRates } from '../types/device.ts';

/** Something to compute, as a question to a model is. Each call resolves once it is done. */
export interface ProbeBench {
  /** Threads that compute from now on. */
  setThreads(count: number): void;
  /** Products with one token's activations. */
  decode(): Promise<void>;
  /** Products with many tokens'. */
  prefill(): Promise<void>;
  /** Weights of `decode`. */
  readonly weights: number;
  /** Multiply-adds of `prefill`. */
  readonly multiplyAdds: number;
}

export interface ProbeResult {
  threads: number;
  rates: ProcessorRates;
}

/** More threads must be faster by more than this part: those that bring nothing only take time from others. */
const worthwhile = 0.05;
/** A code that has just been loaded is computed by a first, slow tier; a run that is no faster than this much of the best is no news. */
const steady = 0.95;
const [fewestWarmups, mostWarmups] = [3, 12];
/**
 * What measuring takes at the least, with so many turns, and at the most, where others use the machine too: a best time is believed once
 * another comes close to it.
 */
const fewestTurns = 2;
const [decodeMs, prefillMs, mostMs] = [40, 30, 200];
const close = 0.1;
/** Where fewer threads than there are seem to do, how often they are all looked at again: what was just opening may have kept a core. */
const secondLooks = 2;
/** Nothing shorter is timed: a browser that hides who uses it has a clock that stands still for so long, or longer. */
const shortestMs = 1;

/** 1, 2, 4, ... and `most` itself. */
export function threadCounts(most: number): number[] {
  const counts: number[] = [];
  for (let count = 1; count < most; count *= 2) counts.push(count);
  return [...counts, most];
}

/**
 * Which of the thread counts to use, and how fast they are: the smallest that is nearly as fast as the fastest. Best times in turns,
 * so that what else the machine does falls on all alike.
 * @param now milliseconds
 * @param pause waits for what else has just begun to be over
 */
export async function probeThreads(
  counts: readonly number[],
  bench: ProbeBench,
  now: () => number,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<ProbeResult> {
  const time = async (run: () => Promise<void>) => {
    const started = now();
    let [runs, ms] = [0, 0];
    do {
      await run();
      runs++;
      ms = now() - started;
    } while (ms < shortestMs);
    return ms / runs;
  };
  await warmUp(() => time(() => bench.decode()));
  const decode = counts.map(() => new BestTime());
  const look = () =>
    takeTurns(
      decode,
      async i => {
        bench.setThreads(counts[i]!);
        return time(() => bench.decode());
      },
      decodeMs,
      now,
    );
  const best = () => {
    const fastest = Math.min(...decode.map(({ ms }) => ms));
    return decode.findIndex(({ ms }) => ms * (1 - worthwhile) <= fastest);
  };
  await look();
  for (let again = 0; again < secondLooks && best() < counts.length - 1; again++) {
    await pause();
    await look();
  }
  const chosen = best();
  const threads = counts[chosen]!;
  bench.setThreads(threads);
  await warmUp(() => time(() => bench.prefill()));
  const prefill = new BestTime();
  await takeTurns([prefill], () => time(() => bench.prefill()), prefillMs, now);
  const perSecond = (count: number, ms: number) => (1000 * count) / ms;
  return {
    threads,
    rates: {
      weightsPerSecond: perSecond(bench.weights, decode[chosen]!.ms),
      multiplyAddsPerSecond: perSecond(bench.multiplyAdds, prefill.ms),
    },
  };
}

class BestTime {
  readonly #times: number[] = [];

  note(ms: number): void {
    this.#times.push(ms);
  }

  get ms(): number {
    return Math.min(...this.#times);
  }

  get isBelieved(): boolean {
    return this.#times.filter(ms => ms * (1 - close) <= this.ms).length >= fewestTurns;
  }
}

/** Measures each in its turn, for `leastMs` and until all are believed. */
async function takeTurns(
  bests: readonly BestTime[],
  time: (index: number) => Promise<number>,
  leastMs: number,
  now: () => number,
): Promise<void> {
  const started = now();
  const goesOn = () => {
    const ms = now() - started;
    return ms < leastMs || (ms < mostMs && bests.some(best => !best.isBelieved));
  };
  for (let turn = 0; turn < fewestTurns || goesOn(); turn++) {
    for (const [i, best] of bests.entries()) best.note(await time(i));
  }
}

/** Until it does not become faster any more. */
async function warmUp(time: () => Promise<number>): Promise<void> {
  let best = Number.POSITIVE_INFINITY;
  let sinceNews = 0;
  for (let i = 0; i < mostWarmups && (i < fewestWarmups || sinceNews < 2); i++) {
    const ms = await time();
    sinceNews = ms < steady * best ? 0 : sinceNews + 1;
    best = Math.min(best, ms);
  }
}
