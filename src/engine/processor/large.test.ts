import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { bundledModel } from '../../../test/support/data.ts';
import { openProcessor } from '../../../test/support/processor.ts';
import type { MemoryRequest, PlannedBuffer } from '../device/memory.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { generateTokens } from '../generation/generate.ts';
import { textPrompt } from '../generation/prompt.ts';
import { needsOfKnownModels } from '../kernels/registry/known-models.ts';
import { kernelProblems } from '../kernels/registry/registry.ts';
import { TestBench } from '../kernels/registry/test-bench.ts';
import { loadModel } from '../loading/load-model.ts';
import { greedySampling } from '../types/sampling.ts';
import type { ProcessorDevice } from './device.ts';

// Memory of true size. Most of it is never touched, so the machine need not have it.

const gibibyte = 2 ** 30;
const source = bytesSource(readFileSync(bundledModel));

const devices: ProcessorDevice[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.destroy();
});

async function open(threads: number, sideBytes = 2 ** 20): Promise<ProcessorDevice> {
  const device = await openProcessor(threads, { sideBytes });
  devices.push(device);
  return device;
}

async function answerOf(device: ProcessorDevice): Promise<number[]> {
  const model = await loadModel(device, source, { precision: 'f32', contextTokens: 256 });
  const prompt = textPrompt(model.tokenizer.encode('The patient has a cough and a fever since Monday. '));
  const options = { sampling: greedySampling, maxTokens: 16, stopIds: new Set<number>() };
  const { ids } = await generateTokens(model, prompt, options);
  model.cache.truncate(0);
  model.submitTokens(prompt.ids, true);
  return [...ids, ...(await model.readLogits())];
}

/** As if each layer of the model had a gibibyte more of weights. */
function enlargeLayers({ memory }: ProcessorDevice): void {
  const reserve = memory.reserve.bind(memory);
  const enlarged = new Map<readonly PlannedBuffer[], PlannedBuffer[]>();
  memory.reserve = (request: MemoryRequest, signal) => {
    let buffers = enlarged.get(request.buffers);
    if (!buffers) {
      const groups = new Set(request.buffers.map(({ group }) => group));
      const more = [...groups]
        .filter(group => group?.startsWith('blk.'))
        .map((group): PlannedBuffer => ({ kind: 'storage', label: 'more', bytes: gibibyte, group }));
      // In front, so that what is used lies behind it.
      buffers = [...more, ...request.buffers];
      enlarged.set(request.buffers, buffers);
    }
    return reserve({ ...request, buffers }, signal);
  };
}

describe('more than 4 GiB', () => {
  it.each([0, 2])('holds a model whose answer is the same, helpers: %i', async threads => {
    const expected = await answerOf(await open(0));
    const device = await open(threads);
    enlargeLayers(device);
    expect(await answerOf(device)).toEqual(expected);
    const { banks, firstBank } = device.memory;
    const sizes = banks.filter(bank => bank !== firstBank).map(({ bytes }) => bytes / gibibyte);
    expect(sizes.length).toBeGreaterThanOrEqual(2);
    expect(Math.max(...sizes)).toBeGreaterThan(3);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(4);
    expect(device.memory.brokenGuards()).toEqual([]);
  });
});

describe('addresses beyond 2 GiB, where signed numbers end', () => {
  it('are those of any other', async () => {
    const device = await open(0, 4 * gibibyte - 2 ** 20);
    const before = await device.memory.storage('before', 2 * gibibyte);
    expect(before.places.get(device.memory.firstBank)).toBeLessThan(gibibyte);
    const problems = kernelProblems(needsOfKnownModels(['q8'], ['F32', 'Q8_0', 'Q4_K']));
    for (const { kernel, form, run } of problems) {
      const bench = new TestBench(device);
      await run(bench);
      expect(bench.checks.length).toBeGreaterThan(0);
      for (const check of bench.checks) expect(check, `${kernel} ${form}`).toMatchObject({ passed: true });
      const rest = device.memory.snapshot();
      for (const buffer of rest) if (buffer !== before) device.memory.release(buffer);
    }
    expect(device.memory.banks).toEqual([device.memory.firstBank]);
  });
});
