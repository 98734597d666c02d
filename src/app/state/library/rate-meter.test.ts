import { expect, test } from 'vitest';
import { RateMeter } from './rate-meter.ts';

test('measures the last seconds, and begins again with a phase or a download that begins again', () => {
  let ms = 0;
  const meter = new RateMeter(5000, () => ms);
  expect(meter.note('download', 0)).toBeNull();
  ms = 400;
  expect(meter.note('download', 400)).toBeNull();
  ms = 1000;
  expect(meter.note('download', 1000)).toBe(1000);
  for (ms = 2000; ms <= 20_000; ms += 1000) meter.note('download', 1000 + (ms - 1000) / 10);
  ms = 21_000;
  expect(meter.note('download', 3000)).toBeCloseTo(100, 0);
  ms = 22_000;
  expect(meter.note('download', 10)).toBeNull();
  expect(meter.note('verify', 10)).toBeNull();
});
