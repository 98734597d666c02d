import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bundledModel, fixture, readJson } from '../../../test/support/data.ts';
import { computeAdapters, type DeviceName, openAnyDevice, openDevice } from '../../../test/support/gpu.ts';
import { limitMemory } from '../../../test/support/small-device.ts';
import type { EngineDevice } from '../device/device.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { generateTokens } from '../generation/generate.ts';
import { textPrompt } from '../generation/prompt.ts';
import { WebGpuDevice } from '../gpu/device.ts';
import { greedySampling } from '../types/sampling.ts';
import { type ChunkTokens, chunkLengths } from './chunk-tokens.ts';
import { loadModel, planModel } from './load-model.ts';

const { cases } = readJson<{ cases: { ids: number[] }[] }>(fixture('golden/golden-nano-chat-q8_0.json'));
/** More than two of the longest steps. */
const prompt = Array.from({ length: 50 }, () => cases.flatMap(({ ids }) => ids))
  .flat()
  .slice(0, 1100);

const load = (device: EngineDevice, chunkTokens?: ChunkTokens) =>
  loadModel(device, bytesSource(readFileSync(bundledModel)), {
    precision: 'f32',
    contextTokens: 2048,
    chunkTokens,
  });

const devices: DeviceName[] = ['processor', ...computeAdapters.slice(0, 1)];

describe.each(devices)('a prompt read in steps of 128, 256 and 512 tokens, on %s', name => {
  it('has one answer, and takes what was planned', async () => {
    const device = await openAnyDevice(name);
    const answers: number[][] = [];
    const activations: number[] = [];
    for (const chunkTokens of chunkLengths) {
      const model = await load(device, chunkTokens);
      expect(model.info.plan.chunkTokens).toBe(chunkTokens);
      expect(model.chunkTokens).toBe(chunkTokens);
      const { memory } = model.info.plan;
      expect(device.memory.bytes).toBeGreaterThanOrEqual(memory.total);
      expect(device.memory.bytes).toBeLessThan(1.05 * memory.total);
      activations.push(memory.activations);
      const { ids } = await generateTokens(model, textPrompt(prompt), {
        sampling: greedySampling,
        maxTokens: 16,
        stopIds: new Set(),
      });
      answers.push(ids);
      model.destroy();
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(activations[0]).toBeGreaterThan(activations[1]!);
    expect(activations[1]).toBeGreaterThan(activations[2]!);
    device.destroy();
  });
});

const [adapter] = computeAdapters;

describe.skipIf(!adapter)(`the length of steps, on ${adapter ?? 'no adapter'}`, () => {
  it('is 128 on a software adapter, 512 on what says that it is a GPU, and less where there is no room', async () => {
    const plain = await openDevice(adapter!);
    expect((await load(plain)).info.plan.chunkTokens).toBe(128);
    plain.destroy();
    const { gpu, report } = await openDevice(adapter!);
    const device = new WebGpuDevice(gpu, { ...report, longChunks: true });
    const source = bytesSource(readFileSync(bundledModel));
    const planned = await planModel(device, source, { precision: 'f32', contextTokens: 2048 });
    expect(planned.chunkTokens).toBe(512);
    const { total, upload } = planned.memory;
    expect(planned.leastBytes).toBeLessThan(total + upload);
    limitMemory(device, total + upload - 1);
    const model = await load(device);
    expect(model.info.plan.chunkTokens).toBe(256);
    expect(model.info.plan.memory.total).toBeLessThan(total);
    device.destroy();
  });
});
