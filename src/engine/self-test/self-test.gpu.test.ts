import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundledModel } from '../../../test/support/data.ts';
import { computeAdapters, openGpu } from '../../../test/support/gpu.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { describeAdapter } from '../gpu/adapter.ts';
import { WebGpuDevice } from '../gpu/device.ts';
import type { KernelNeeds } from '../kernels/registry/kernel-entry.ts';
import { loadModel } from '../loading/load-model.ts';
import { selfTest } from './self-test.ts';

const [adapter] = computeAdapters;
const shape = { heads: 4, kvHeads: 2, headDim: 64, ropeDimensions: 64, pages: 2, cache: 'f32' as const };
const needs: KernelNeeds = { text: { types: ['Q4_0'], embeddings: ['Q4_0'], attention: [shape] } };

// Some browsers list a feature of which their WGSL does not know the `enable` line yet.
describe.skipIf(!adapter)(`features that do not compile, on ${adapter ?? 'no adapter'}`, () => {
  let device: WebGpuDevice;
  beforeEach(async () => {
    const gpu = await openGpu(adapter!);
    const plain = await (await gpu.requestAdapter())!.requestDevice();
    device = new WebGpuDevice(plain, await describeAdapter(gpu));
    device.variant = { subgroups: true, f16: true };
  });
  afterEach(() => device.destroy());

  it('falls back to the kernels without subgroups', async () => {
    await selfTest(device, needs);
    expect(device.variant.subgroups).toBe(false);
    expect(device.failed).toBe(false);
  });

  it('fails a load that needs f16, releases everything, and can load with f32', async () => {
    const source = bytesSource(readFileSync(bundledModel));
    const loading = loadModel(device, source, { precision: 'f16', contextTokens: 64 });
    await expect(loading).rejects.toMatchObject({ code: 'gpu-error' });
    expect(device.memory.bytes).toBe(0);
    const model = await loadModel(device, source, { precision: 'f32', contextTokens: 64 });
    expect(model.info.variant).toBe('no subgroups, f32 KV cache');
  });
});
