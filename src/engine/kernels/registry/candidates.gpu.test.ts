import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gpuFormAdapters, openAsGpu, runsAllCases } from '../../../../test/support/gpu.ts';
import type { EngineDevice, Variant } from '../../device/device.ts';
import type { KernelChoices } from '../../device/kernel-choices.ts';
import { precisions } from '../../types/precision.ts';
import { targets } from './every-pipeline.ts';
import type { KernelProblem } from './kernel-entry.ts';
import { needsOfKnownModels } from './known-models.ts';
import { kernelProblems } from './registry.ts';
import { TestBench } from './test-bench.ts';

// Software drivers take seconds to compile each of them, and the tests of the kernels go through most: one run has products of one token
// in a format with large blocks. BEDSIDE_ALL_CASES=1 has everything.
const runsAll = runsAllCases();
const needs = runsAll ? needsOfKnownModels(precisions) : needsOfKnownModels(['f16'], ['Q4_K']);
const problems = kernelProblems(needs).filter(({ kernel }) => runsAll || kernel.startsWith('matvec'));

interface Chosen {
  choices: KernelChoices;
  problem: KernelProblem;
  name: string;
}

/** Each problem with the second candidate of all its classes, with the third, and so on; the self-test tries the first. */
function chosenOn(target: keyof typeof targets): Chosen[] {
  return problems.flatMap(problem => {
    const classes = problem.candidates(targets[target]!);
    const most = Math.max(1, ...classes.map(({ names }) => names.length));
    return Array.from({ length: most - 1 }, (_, i) => {
      const chosen = classes.map(({ kind, names }) => [kind, names[i + 1] ?? names.at(-1)!] as const);
      const names = [...new Set(chosen.map(([, each]) => each))];
      const name = [problem.kernel, problem.form, names.join(' and ')].filter(Boolean).join(', ');
      return { choices: Object.fromEntries(chosen), problem, name };
    });
  });
}

// A candidate that nobody has chosen yet may be what the next device finds fastest.
describe.each(gpuFormAdapters)('every candidate computes what the twin does, on %s', adapter => {
  let device: EngineDevice;
  let own: Variant;
  beforeAll(async () => {
    device = await openAsGpu(adapter);
    own = device.variant;
  });
  afterAll(() => device.destroy());

  it.each(chosenOn('GPU with subgroups'))('$name', async ({ choices, problem }) => {
    const bench = new TestBench(device);
    const before = device.memory.snapshot();
    device.variant = { ...own, choices };
    try {
      await problem.run(bench);
    } finally {
      device.memory.releaseExcept(before);
      device.variant = own;
    }
    expect(bench.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(bench.checks.length).toBeGreaterThan(0);
  });
});
