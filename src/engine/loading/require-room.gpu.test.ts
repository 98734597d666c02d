import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundledModel } from '../../../test/support/data.ts';
import { computeAdapters, openDevice } from '../../../test/support/gpu.ts';
import { limitMemory } from '../../../test/support/small-device.ts';
import { syntheticModel } from '../../cli/synthetic/synthetic-model.ts';
import { syntheticVision } from '../../cli/synthetic/synthetic-vision.ts';
import { BedsideError } from '../errors.ts';
import { bytesSource } from '../formats/byte-source.ts';
import type { WebGpuDevice } from '../gpu/device.ts';
import { probeSizes } from '../gpu/probe-sizes.ts';
import { joinedTensors } from '../models/llama/llama-tensors.ts';
import { type LoadOptions, loadModel, planLoading, planModel } from './load-model.ts';
import { readHeaders } from './read-headers.ts';

const [adapter] = computeAdapters;
const source = bytesSource(readFileSync(bundledModel));
const asked = { precision: 'f32', contextTokens: 2048 } as const;

describe.skipIf(!adapter)(`room for a model on ${adapter ?? 'no adapter: install lavapipe'}`, () => {
  let device: WebGpuDevice;
  beforeEach(async () => {
    device = await openDevice(adapter!);
  });
  afterEach(() => device.destroy());

  async function refusal(options: LoadOptions): Promise<BedsideError> {
    const thrown: unknown = await loadModel(device, source, options).then(
      () => 'loaded',
      (error: unknown) => error,
    );
    expect(thrown).toBeInstanceOf(BedsideError);
    return thrown as BedsideError;
  }

  it('is refused where there is none, with what would fit; and that does fit', async () => {
    const { memory: plan } = await planModel(device.report, source, asked);
    const memory = limitMemory(device, plan.total + plan.upload - 1_000_000);
    const phases = new Set<string>();
    const error = await refusal({ ...asked, onProgress: ({ phase }) => phases.add(phase) });
    expect([...phases]).toEqual(['header']);
    expect(memory.liveBytes).toBe(0);
    expect(error.code).toBe('out-of-memory');
    expect(error.message).toMatch(/takes 42\.\d MB .* 2,048 tokens; this device has room for 41\.\d MB/);
    expect(error.choices).toMatchObject([{ precision: 'f32' }, { precision: 'f16', contextTokens: 2048 }]);
    const [shorter] = error.choices!;
    expect(shorter!.contextTokens).toBeGreaterThanOrEqual(512);
    expect(shorter!.contextTokens).toBeLessThan(2048);
    for (const choice of error.choices!) {
      const model = await loadModel(device, source, choice);
      expect(model.info.contextTokens).toBe(choice.contextTokens);
      expect(choice.totalBytes).toBe(model.memoryPlan.total + model.memoryPlan.upload);
      model.destroy();
    }
    expect(memory.liveBytes).toBe(0);
  });

  it('offers 8 bits for a shorter conversation where 8 bits alone are too much, 4 behind them, and nothing where nothing helps', async () => {
    const bytesOf = async (options: LoadOptions) => {
      const { memory } = await planModel(device.report, source, options);
      return memory.total + memory.upload;
    };
    const tight = await bytesOf({ precision: 'q8', contextTokens: 1536 });
    const memory = limitMemory(device, tight + 100_000);
    expect((await refusal(asked)).choices).toMatchObject([
      { precision: 'q8', contextTokens: 1536 },
      { precision: 'q4', contextTokens: 2048 },
    ]);
    memory.capacityBytes = await bytesOf({ precision: 'q4', contextTokens: 256 });
    const error = await refusal({ ...asked, precision: 'q8' });
    expect(error.choices).toEqual([]);
    expect(error.advice).toMatch(/^Close other programs/);
  });

  it('is asked for before the model in use is given up, as if that were gone', async () => {
    const memory = limitMemory(device);
    const first = await loadModel(device, source, { precision: 'q8', contextTokens: 512 });
    const held = device.memory.bytes;
    // The second does not fit beside the first, but in its place it does.
    const { memory: plan } = await planModel(device.report, source, asked);
    memory.capacityBytes = plan.total + plan.upload + 200_000;
    expect(memory.capacityBytes).toBeLessThan(held + plan.total);
    const second = await loadModel(device, source, {
      ...asked,
      onProgress: ({ phase }) => phase === 'allocate' && first.destroy(),
    });
    expect(second.info.contextTokens).toBe(2048);
    second.destroy();

    const third = await loadModel(device, source, { precision: 'q8', contextTokens: 512 });
    memory.capacityBytes = plan.total + plan.upload - 1_000_000;
    expect((await refusal(asked)).choices).toHaveLength(2);
    expect(device.memory.bytes).toBe(held);
    expect(device.failed).toBe(false);
    third.destroy();
    expect(memory.liveBytes).toBe(0);
  });

  it('tries the buffers that loading makes', async () => {
    const text = syntheticModel('mini-monkey-2b', { layers: 2 });
    const vision = syntheticVision(1);
    const options = { precision: 'f32', contextTokens: 1024, vision } as const;
    const { config, tensors, visionFile } = await readHeaders(text, vision);
    const { plan: whole, buffers } = planLoading(device, config, [...tensors.values()], options, visionFile);
    const plan = whole.memory;
    expect(await planModel(device.report, text, options)).toEqual(whole);
    const planned = probeSizes({ buffers, besideBytes: plan.upload });
    expect(planned.reduce((sum, size) => sum + size, 0)).toBeCloseTo(plan.total + plan.upload, -1);
    expect(joinedTensors(config).length).toBeGreaterThan(0);

    const memory = limitMemory(device);
    const model = await loadModel(device, text, options);
    const large = memory.asked.filter(size => size >= 8 * 2 ** 20);
    // The probe's own, then the model's.
    const made = large.slice(large.length / 2).sort((a, b) => b - a);
    model.destroy();
    const probed = planned.filter(size => size >= 8 * 2 ** 20).sort((a, b) => b - a);
    for (const size of made) {
      const nearest = probed.findIndex(each => Math.abs(each / size - 1) < 0.01);
      expect(nearest, `a buffer of ${size} bytes was not tried`).toBeGreaterThanOrEqual(0);
    }
  });
});
