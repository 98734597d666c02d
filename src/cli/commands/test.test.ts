import { expect, test as it } from 'vitest';
import type { KernelRow } from '../../engine/types/device-test.ts';
import { formatRows, test } from './test.ts';

const row: KernelRow = {
  group: 'attention',
  kernel: 'rope',
  form: '8-bit cache',
  build: 'with subgroups',
  outcome: 'passed',
  largestError: 0.00001,
  bound: 0.00004,
  ms: 0.25,
  GBps: null,
  gflops: null,
  weightsPerSecond: null,
  timedOn: '',
  cause: '',
};

it('shows what was off by how much, and what was not computed', () => {
  const text = formatRows([
    row,
    { ...row, kernel: 'argmax', outcome: 'not-compiled', largestError: null, bound: null, ms: null },
  ]);
  expect(text).toMatch(
    /\| rope +\| 8-bit cache \| with subgroups \| passed +\| 1\.0e-5 \| 4\.0e-5 \| 0\.250 \|/,
  );
  expect(text).toMatch(/\| argmax \|.*\| not-compiled \| +- \| +- \| +- \|/);
});

it('refuses what it does not know before it opens a device', async () => {
  await expect(test(['--fast'])).rejects.toMatchObject({ code: 'invalid-request' });
  await expect(test(['model.gguf'])).rejects.toMatchObject({ code: 'invalid-request' });
  await expect(test(['--adapter', 'none'])).rejects.toMatchObject({ code: 'invalid-request' });
});
