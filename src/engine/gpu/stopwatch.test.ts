import { expect, test } from 'vitest';
import { runTimes } from './stopwatch.ts';

const ms = 1_000_000n;

test('a run lasts from its beginning to its end', () => {
  expect(runTimes(BigUint64Array.of(5n * ms, 7n * ms, 8n * ms, 11n * ms))).toEqual([2, 3]);
});

test('a beginning that was noted before the run before ended counts from that end', () => {
  expect(runTimes(BigUint64Array.of(5n * ms, 7n * ms, 5n * ms, 8n * ms))).toEqual([2, 1]);
});
