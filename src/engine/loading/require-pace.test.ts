import { expect, test } from 'vitest';
import { BedsideError } from '../errors.ts';
import type { DeviceReport } from '../types/device.ts';
import type { ModelWork } from '../types/model-work.ts';
import type { Tempo } from './estimate-pace.ts';
import { requirePace } from './require-pace.ts';

const device = {
  processor: {
    threads: 4,
    hasRelaxedSimd: true,
    activationBits: 32,
    rates: { weightsPerSecond: 1e9, multiplyAddsPerSecond: 4e9 },
  },
} as DeviceReport;

const workOf = (weights: number): ModelWork => ({
  layerWeights: weights,
  headWeights: 0,
  bytesPerWeight: 0.5625,
  attention: 0,
  cached: 0,
});

function refusal(weights: number, accepts: Tempo): BedsideError | null {
  try {
    requirePace(device, workOf(weights), accepts);
    return null;
  } catch (thrown) {
    if (thrown instanceof BedsideError) return thrown;
    throw thrown;
  }
}

test.each([
  [0.2e9, 'comfortable', null],
  [0.4e9, 'comfortable', 'slow-model'],
  [0.4e9, 'slow', null],
  [4e9, 'comfortable', 'too-slow'],
  [4e9, 'slow', 'too-slow'],
  [4e9, 'too-slow', null],
] as const)('%d weights at a billion a second, %s accepted: %s', (weights, accepts, code) => {
  expect(refusal(weights, accepts)?.code ?? null).toBe(code);
});

test('says how slow it would be, in words and as numbers', () => {
  const slow = refusal(0.4e9, 'comfortable')!;
  expect(slow.message).toContain(
    'about 2 words a second, and take about 1 minute to read a question of a page',
  );
  expect(slow.values).toEqual({ pace: expect.closeTo(0.4, 3), page: 65 });
  const tooSlow = refusal(6e9, 'slow')!;
  expect(tooSlow.message).toContain('would write about one word every 8 seconds');
  expect(tooSlow.message).toContain('slower than one word every 4 seconds is not loaded');
  expect(tooSlow.values).toEqual({ pace: expect.closeTo(6, 3), limit: 3 });
});

test('nothing is asked of a GPU', () => {
  expect(() => requirePace({ kind: 'gpu' } as DeviceReport, workOf(1e12), 'comfortable')).not.toThrow();
});
