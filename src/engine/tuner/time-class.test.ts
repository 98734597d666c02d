import { expect, test } from 'vitest';
import type { EngineDevice } from '../device/device.ts';
import type { Dispatch, Step } from '../device/dispatch.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { BatchClock, BudgetSpent } from './batch-clock.ts';
import { timeClass } from './time-class.ts';

const state: DeviceBuffer = { label: 'state', size: 16 };

/** A device that does nothing, for as long as is said. `submitMs`: of each submit, at whatever time. */
function timed(costOf: (label: string, step: Step) => number, submitMs: (now: number) => number = () => 3) {
  const ran = { now: 0, submits: 0, longestMs: 0, signal: new AbortController() };
  let underWay = 0;
  const device = {
    write: () => undefined,
    begin: () => ({
      launch(dispatches: readonly Dispatch[], step: Step) {
        underWay = submitMs(ran.now) + dispatches.reduce((sum, { label }) => sum + costOf(label, step), 0);
      },
      submit() {
        ran.submits++;
      },
    }),
    async settled() {
      ran.now += underWay;
      ran.longestMs = Math.max(ran.longestMs, underWay);
    },
  } as unknown as EngineDevice;
  const clock = { now: () => ran.now, wait: async () => undefined };
  return { ran, clock: new BatchClock(device, state, clock, ran.signal.signal) };
}

function tunable(names: readonly string[], steps: Step[] = [{ position: 0, tokens: 1 }], readBytes = 0) {
  const launchesOf = (name: string) =>
    Array.from({ length: 6 }, (): Dispatch => ({ label: name, grid: [1] }));
  const launches = new Map(names.map(name => [name, launchesOf(name)] as const));
  return { of: { kind: 'test' }, launches, default: names[0]!, steps, readBytes };
}

const nobody = () => undefined;

test.each([0, 3, 12])('what a submit costs (%i ms) is in no figure', async submitMs => {
  const costs: Readonly<Record<string, number>> = { usual: 0.5, better: 0.4, worse: 0.7 };
  const { clock } = timed(
    label => costs[label]!,
    () => submitMs,
  );
  const found = await timeClass(tunable(['usual', 'worse', 'better']), clock, null, nobody);
  expect(found).toMatchObject({ chosen: 'better', why: 'timed' });
  expect(found.chosenUs).toBeCloseTo(400, 6);
  expect(found.defaultUs).toBeCloseTo(500, 6);
});

test('batches are as long as a clock of steps needs, whatever a launch takes', async () => {
  for (const usual of [0.01, 0.2, 5, 60]) {
    const { clock, ran } = timed(() => usual);
    await timeClass(tunable(['usual', 'same']), clock, null, nobody);
    expect(ran.longestMs).toBeGreaterThanOrEqual(20);
    expect(ran.longestMs).toBeLessThan(Math.max(90, 2 * usual + 4));
  }
});

test('where a step of a prompt takes long it is timed with fewer tokens, never with fewer than 128', async () => {
  const timedWith = async (usPerToken: number) => {
    const tokens = new Set<number>();
    const { clock, ran } = timed((label, step) => {
      if (label === 'other') tokens.add(step.tokens);
      return (usPerToken * step.tokens) / 1000;
    });
    const found = await timeClass(
      tunable(['usual', 'other'], [{ position: 0, tokens: 512 }]),
      clock,
      null,
      nobody,
    );
    expect(found).toMatchObject({ chosen: 'usual', why: 'timed' });
    return { tokens: [...tokens], longestMs: ran.longestMs };
  };
  expect((await timedWith(20)).tokens).toEqual([512]);
  expect((await timedWith(60)).tokens).toEqual([256]);
  expect((await timedWith(140)).tokens).toEqual([128]);
  expect((await timedWith(400)).tokens).toEqual([128]);
});

test('attention counts at each length', async () => {
  // Better where there is little to attend to, much worse where there is more.
  const costs = (label: string, { position }: Step) =>
    (label === 'short' ? 0.2 : 0.3) + (position > 1000 && label === 'short' ? 0.4 : 0);
  const { clock } = timed(costs);
  const steps = [512, 2048].map(context => ({ position: context - 1, tokens: 1 }));
  const found = await timeClass(tunable(['usual', 'short'], steps), clock, null, nobody);
  expect(found).toMatchObject({ chosen: 'usual' });
  expect(found.defaultUs).toBeCloseTo(600, 6);
});

test('what reads about as fast as can be read is left as it is', async () => {
  const { clock, ran } = timed(label => (label === 'usual' ? 1 : 0.5));
  // Six launches of a millisecond read 6 * 90 MB: 90 GB/s.
  const found = await timeClass(tunable(['usual', 'better'], undefined, 6 * 90e6), clock, 100, nobody);
  expect(found).toMatchObject({ chosen: 'usual', why: 'at-limit', chosenUs: expect.closeTo(1000, 6) });
  expect(ran.submits).toBeLessThan(12);
  const slower = await timeClass(tunable(['usual', 'better'], undefined, 6 * 80e6), clock, 100, nobody);
  expect(slower).toMatchObject({ chosen: 'better' });
});

test('launches that are too short to be told apart are not', async () => {
  const { clock } = timed(() => 0.0001);
  expect(await timeClass(tunable(['usual', 'better']), clock, null, nobody)).toMatchObject({
    why: 'too-small',
  });
});

test('who is tried is said before it is launched', async () => {
  const tried: string[] = [];
  const { clock } = timed(label => {
    expect(tried.at(-1)).toBe(label);
    return 1;
  });
  await timeClass(tunable(['usual', 'one', 'other']), clock, null, name => tried.push(name));
  expect(new Set(tried)).toEqual(new Set(['usual', 'one', 'other']));
});

test('rounds while something else runs do not count, and too many of them decide nothing', async () => {
  // Whatever runs beside it comes and goes: neighbours differ.
  let calls = 0;
  const restless = timed(label => (label === 'better' ? 0.5 : calls++ % 90 < 45 ? 1 : 1.4));
  const found = await timeClass(tunable(['usual', 'better']), restless.clock, null, nobody);
  expect(found.chosen).toBe('usual');
});

test('a deadline is kept, and a stop heard at once', async () => {
  const { clock, ran } = timed(() => 1);
  clock.deadline = 300;
  await expect(timeClass(tunable(['usual', 'same']), clock, null, nobody)).rejects.toThrow(BudgetSpent);
  expect(ran.now).toBeLessThanOrEqual(300);
  const stopped = timed(() => {
    if (stopped.ran.now > 100) stopped.ran.signal.abort();
    return 1;
  });
  await expect(timeClass(tunable(['usual', 'same']), stopped.clock, null, nobody)).rejects.toMatchObject({
    code: 'aborted',
  });
  expect(stopped.ran.now).toBeLessThan(200);
});
