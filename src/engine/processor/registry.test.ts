import { afterEach, describe, expect, it } from 'vitest';
import { openProcessor } from '../../../test/support/processor.ts';
import { needsOfKnownModels } from '../kernels/registry/known-models.ts';
import { kernelProblems } from '../kernels/registry/registry.ts';
import { TestBench } from '../kernels/registry/test-bench.ts';
import { precisions } from '../types/precision.ts';
import type { ProcessorDevice } from './device.ts';

// One type for each way in which matrices lie in memory, and all of them on one thread.
const stored = ['F32', 'F16', 'Q4_0', 'Q8_0', 'Q4_K', 'Q6_K', 'Q4_1', 'Q2_K'] as const;
const problems = kernelProblems(needsOfKnownModels(precisions));
const fewer = kernelProblems(needsOfKnownModels(precisions, stored));

const devices: ProcessorDevice[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.destroy();
});

async function solve(problem: (typeof problems)[number], threads: number): Promise<void> {
  const device = await openProcessor(threads);
  devices.push(device);
  const bench = new TestBench(device);
  await problem.run(bench);
  expect(bench.checks.length).toBeGreaterThan(0);
  expect(bench.checks.filter(({ passed }) => !passed).map(({ launch, ...check }) => check)).toEqual([]);
  expect(device.memory.brokenGuards()).toEqual([]);
}

describe('the small problems of all kernels, on one thread', () => {
  it.each(problems)('$kernel $form', problem => solve(problem, 0));
});

describe('the small problems, on helpers', () => {
  it.each(fewer)('$kernel $form', problem => solve(problem, 3));
});
