import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledModel, fixture, readJson } from '../../../test/support/data.ts';
import { computeAdapters, openCompatible } from '../../../test/support/gpu.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { generateTokens } from '../generation/generate.ts';
import { textPrompt } from '../generation/prompt.ts';
import { kernelProblems } from '../kernels/registry/registry.ts';
import { TestBench } from '../kernels/registry/test-bench.ts';
import { loadModel } from '../loading/load-model.ts';
import { greedySampling } from '../types/sampling.ts';
import type { WebGpuDevice } from './device.ts';

interface Golden {
  cases: { ids: number[]; greedy: number[] }[];
}

const [adapter] = computeAdapters;
const { ids, greedy } = readJson<Golden>(fixture('golden/golden-nano-chat-q8_0.json')).cases[0]!;

// Dawn holds its device to the compatibility level, whatever the driver could do.
describe.skipIf(!adapter)(`a device of the compatibility level, on ${adapter ?? 'no adapter'}`, () => {
  let device: WebGpuDevice;
  beforeAll(async () => {
    device = await openCompatible(adapter!);
  });
  afterAll(() => device.destroy());

  it('allows less than the normal kernels take, so that small ones are built', () => {
    expect(device.gpu.limits.maxComputeInvocationsPerWorkgroup).toBe(128);
    expect(device.report.details).toMatchObject({ level: 'compatibility' });
    expect(device.variant.small).toBe(true);
  });

  it('computes as the twins do with the kernels that are smaller there', async () => {
    const text = { types: ['Q8_0' as const], embeddings: [], attention: [] };
    const vision = { kinds: ['intern-vit', 'siglip'] as const, types: [], encoders: [], scored: [] };
    const bench = new TestBench(device);
    const smaller = ['half-norm', 'top-k', 'patches', 'positions', 'pixel-shuffle', 'patch-pool'];
    for (const problem of kernelProblems({ text, vision })) {
      if (smaller.includes(problem.kernel)) await problem.run(bench);
    }
    expect(bench.checks.map(({ kernel }) => kernel)).toEqual(expect.arrayContaining(smaller));
    expect(bench.checks.filter(({ passed }) => !passed)).toEqual([]);
  });

  it('answers as the reference does', async () => {
    const source = bytesSource(readFileSync(bundledModel));
    const model = await loadModel(device, source, { precision: 'f32', contextTokens: 256 });
    const sampling = greedySampling;
    const maxTokens = greedy.length;
    const generated = await generateTokens(model, textPrompt(ids), {
      sampling,
      maxTokens,
      stopIds: new Set(),
    });
    expect(generated.ids).toEqual(greedy);
    expect(device.variant.small).toBe(true);
  });
});
