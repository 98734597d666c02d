import { expect, test } from 'vitest';
import { pauseMs, Rest } from './rest-while-waiting.ts';

const turn = () => new Promise<void>(resolve => setImmediate(resolve));

function unsettled<T>() {
  let ends: { resolve: (value: T) => void; reject: (error: Error) => void } | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    ends = { resolve, reject };
  });
  return { promise, ...ends! };
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn();
}

/** A clock that goes on by as much as is rested, and a record of that. */
function rested(startMs = 0) {
  const pauses: number[] = [];
  let nowMs = startMs;
  const rest = new Rest(
    ms => {
      pauses.push(ms);
      nowMs += ms;
    },
    () => nowMs,
  );
  return { rest, pauses, later: (ms: number) => (nowMs += ms) };
}

test('a pause is at most a sixteenth of the wait and a millisecond, and none where the wait is short', () => {
  for (const waited of [0, 0.5, 1.5]) expect(pauseMs(waited)).toBe(0);
  for (const waited of [2, 8, 15.9]) expect(pauseMs(waited)).toBe(waited / 16);
  for (const waited of [16, 100, 60_000]) expect(pauseMs(waited)).toBe(1);
});

test('the event loop turns while something is waited for, and rests in each turn', async () => {
  const { rest, pauses, later } = rested();
  const { promise, resolve } = unsettled<string>();
  const waiting = rest.during(promise);
  await turns(3);
  expect(pauses).toEqual([]);
  later(100);
  await turns(5);
  expect(pauses.length).toBeGreaterThanOrEqual(4);
  resolve('done');
  expect(await waiting).toBe('done');
});

test('nothing rests once all is done, and a failure is passed on', async () => {
  const { rest, pauses, later } = rested();
  const { promise, reject } = unsettled<string>();
  const waiting = rest.during(promise);
  reject(new Error('lost'));
  await expect(waiting).rejects.toThrow('lost');
  later(100);
  await turns(5);
  expect(pauses).toEqual([]);
});

test('of several waits each that is over begins the patience anew', async () => {
  const { rest, pauses, later } = rested();
  const [first, second] = [unsettled<void>(), unsettled<void>()];
  const waits = [rest.during(first.promise), rest.during(second.promise)];
  later(1000);
  await turns(2);
  expect(pauses.length).toBeGreaterThan(0);
  first.resolve();
  await waits[0];
  pauses.length = 0;
  await turns(4);
  expect(pauses).toEqual([]);
  second.resolve();
  await Promise.all(waits);
});
