import { expect, it } from 'vitest';
import { probeThreads, threadCounts } from './probe.ts';

/**
 * A machine with a clock of its own: what a run takes with so many threads, in milliseconds.
 * @param tierUp how many runs of a kind are three times as slow as those that follow
 */
function machine(decodeMs: (threads: number) => number, tierUp = 0) {
  let [clock, threads] = [0, 1];
  const runs = { decode: 0, prefill: 0 };
  const run = async (kind: keyof typeof runs, ms: number) => {
    clock += runs[kind]++ < tierUp ? 3 * ms : ms;
  };
  return {
    now: () => clock,
    bench: {
      setThreads: (count: number) => {
        threads = count;
      },
      decode: () => run('decode', decodeMs(threads)),
      prefill: () => run('prefill', 2 * decodeMs(threads)),
      weights: 1e6,
      multiplyAdds: 8e6,
    },
    runs,
    threads: () => threads,
  };
}

it('tries powers of two and the most', () => {
  expect([1, 2, 3, 6, 8].map(threadCounts)).toEqual([[1], [1, 2], [1, 2, 3], [1, 2, 4, 6], [1, 2, 4, 8]]);
});

it.each([
  ['as many as there are where each brings its share', (threads: number) => 8 / threads, 8],
  ['those that memory has room for', (threads: number) => 8 / Math.min(threads, 2), 2],
  ['one where others only take turns', (threads: number) => 4 + threads, 1],
  ['fewer where more are hardly faster', (threads: number) => (threads === 8 ? 3.9 : 16 / threads), 4],
  ['more where they are faster by a tenth', (threads: number) => (threads === 8 ? 3.6 : 16 / threads), 8],
])('chooses %s', async (_, ms, threads) => {
  const { bench, now, ...made } = machine(ms);
  const found = await probeThreads([1, 2, 4, 8], bench, now);
  expect(found).toEqual({
    threads,
    rates: {
      weightsPerSecond: expect.closeTo(1e9 / ms(threads), 3),
      multiplyAddsPerSecond: expect.closeTo((8e9 / ms(threads)) * 0.5, 3),
    },
  });
  // Those are left to compute.
  expect(made.threads()).toBe(threads);
});

it('gives every count at least two turns, and ends soon after its time', async () => {
  for (const [ms, turns] of [
    [1000, 2],
    [2, 7],
  ] as const) {
    const { bench, now, runs } = machine(() => ms);
    await probeThreads([1, 2, 4], bench, now);
    // Three runs to warm up; as one thread seems to do, all are looked at three times.
    expect(runs.decode).toBe(3 + 3 * turns * 3);
  }
});

it('looks again where fewer threads seem to do: what was opening may have kept a core', async () => {
  let pauses = 0;
  const { bench, now } = machine(threads => (pauses > 0 ? 8 / threads : 8));
  const pause = async () => void pauses++;
  const found = await probeThreads([1, 2, 4], bench, now, pause);
  expect(found).toMatchObject({ threads: 4, rates: { weightsPerSecond: expect.closeTo(1e9 / 2, 3) } });
  expect(pauses).toBe(1);
  const quiet = machine(threads => 8 / threads);
  await probeThreads([1, 2, 4], quiet.bench, quiet.now, pause);
  expect(pauses).toBe(1);
});

it('goes on where others use the machine, until a best time is borne out', async () => {
  // Every run is disturbed, each by another amount, but one in seven.
  let [run, decodes] = [0, 0];
  let clock = 0;
  const bench = {
    setThreads: () => undefined,
    decode: async () => {
      decodes++;
      clock += run++ % 7 === 6 ? 4 : 12 + 3 * (run % 5);
    },
    prefill: async () => {
      clock += 1;
    },
    weights: 1e6,
    multiplyAdds: 1e6,
  };
  const { rates } = await probeThreads([1], bench, () => clock);
  expect(rates.weightsPerSecond).toBeCloseTo(1e9 / 4, 3);
  expect(decodes).toBeGreaterThan(10);
});

it('ends where no two runs are alike', async () => {
  let clock = 0;
  let ms = 1;
  const bench = {
    setThreads: () => undefined,
    decode: async () => {
      clock += ms;
      ms *= 1.3;
    },
    prefill: async () => {
      clock += 1;
    },
    weights: 1e6,
    multiplyAdds: 1e6,
  };
  await expect(probeThreads([1, 2], bench, () => clock)).resolves.toMatchObject({ threads: 1 });
});

it('counts runs where the clock stands still for long', async () => {
  const { bench, now } = machine(threads => 3 / threads);
  const { threads, rates } = await probeThreads([1, 2], bench, () => Math.floor(now() / 100) * 100);
  expect(threads).toBe(2);
  // Never more than it is, and of some turns the best is not much less.
  expect(rates.weightsPerSecond / (1e9 / 1.5)).toBeGreaterThan(0.6);
  expect(rates.weightsPerSecond / (1e9 / 1.5)).toBeLessThan(1.05);
});

it('does not take slow first runs for the rate', async () => {
  const { bench, now } = machine(threads => 4 / threads, 5);
  const { rates } = await probeThreads([1, 2], bench, now);
  expect(rates.weightsPerSecond).toBeCloseTo(1e9 / 2, 3);
  expect(rates.multiplyAddsPerSecond).toBeCloseTo(8e9 / 4, 3);
});
