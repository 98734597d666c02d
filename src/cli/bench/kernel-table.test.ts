import { expect, test } from 'vitest';
import { kernels } from '../../engine/kernels/registry/registry.ts';
import { achieved } from '../../engine/timing/work.ts';
import { formatKernels } from './kernel-table.ts';
import { type KernelPlan, listCases } from './kernels.ts';
import { parseShapes, productShapes } from './shapes.ts';

const plan: KernelPlan = {
  shapes: parseShapes(productShapes.join(',')),
  types: ['Q4_0', 'Q4_K', 'Q6_K', 'Q8_0', 'F16'],
  tokens: [1, 128, 512],
  contexts: [64, 2048],
  cache: 'f16',
  sampling: { repeat: 1, budgetMs: 0 },
  coldBytes: 0,
  only: '',
  copyBytes: 0,
};

test('every kernel is measured at every shape, format and count of tokens', () => {
  const cases = listCases(plan);
  const count = (kernel: string) => cases.filter(each => each.kernel === kernel).length;
  expect(count('matvec')).toBe(5 * 5);
  expect(count('matmul')).toBe(5 * 5 * 2);
  expect(count('attention-decode')).toBe(2 * 2);
  expect(count('attention-encoder')).toBe(1);
  expect(new Set(cases.map(({ kernel }) => kernel))).toEqual(new Set(kernels.map(({ id }) => id)));
});

test('the table names the clock, the rates of the device, each case and what found no room', () => {
  const rates = { copyGBps: 100, multiplyAddGflops: 1000 };
  const spread = { median: 2, p10: 1, p90: 4, runs: 9 };
  const work = { bytes: 1e8, flops: 4e8 };
  const shapes = listCases({ ...plan, types: ['Q4_0'] }).map(({ prepare, ...each }) => each);
  const text = formatKernels({
    clock: 'submit-to-done',
    gpuClockShare: undefined,
    copyKernelGBps: { ...spread, median: 80 },
    copyBufferGBps: 100,
    multiplyAddGflops: { ...spread, median: 1000 },
    steadiness: 0.875,
    kernels: shapes.map(each => ({ ...each, ...work, ms: spread, ...achieved(work, 2, rates), copies: 1 })),
    skipped: [{ kernel: 'matvec', shape: { rows: 7, columns: 256 }, describe: 'F16 7 x 256' }],
  });
  expect(text).toContain('Clock: submit-to-done');
  expect(text).toContain('copying kernel 80.0 (1.00 to 4.00) GB/s, buffer copy 100 GB/s');
  expect(text).toMatch(/\| matmul +\| Q4_0 13824 x 5120, 512 tokens +\| 2\.00 \| 1\.00 \| 4\.00 \|/);
  expect(text).toMatch(/\| attention-decode +\| 16\/8 heads of 128, f16, context 2048 +\|/);
  expect(text).toMatch(/\| attention-encoder \| 1025 x 16 x 64 +\|/);
  expect(text).toMatch(/50\.0 % +\| +200 \| +20\.0 % \| +50\.0 % \|/);
  expect(text).toContain('at the end: 87.5 % of those at the start');
  expect(text).toContain('No room on the device: matvec F16 7 x 256');
});
