import { expect, test } from 'vitest';
import { gpuReport, modelPlan } from '../testing/fixtures.ts';
import { paceInWords } from './pace-in-words.ts';

test('what was measured of a processor says how fast a model answers; of a GPU nothing does', () => {
  const rates = { weightsPerSecond: 100e6, multiplyAddsPerSecond: 400e6 };
  const facts = { threads: 2, hasRelaxedSimd: true, activationBits: 32, rates } as const;
  expect(paceInWords({ ...gpuReport, kind: 'processor', processor: facts }, modelPlan)).toBe(
    'about 7 words a second',
  );
  expect(paceInWords(gpuReport, modelPlan)).toBeNull();
});
