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

  it('falls back to small kernels where the driver refuses the normal ones', async () => {
    device.variant = { subgroups: false, f16: false };
    const get = device.pipelines.get.bind(device.pipelines);
    device.pipelines.get = spec =>
      get(spec.code.includes('const ROWS: u32 = 32;') ? { ...spec, code: '?' } : spec);
    await selfTest(device, { text: { ...needs.text!, types: [], embeddings: [] } });
    expect(device.variant).toEqual({ subgroups: false, f16: false, small: true });
    expect(device.failed).toBe(false);
  });

  it('loads a model with a memory of 16 bits, which needs no feature', async () => {
    const source = bytesSource(readFileSync(bundledModel));
    const model = await loadModel(device, source, { precision: 'f16', contextTokens: 64 });
    expect(model.info.variant).toBe('no subgroups, f16 KV cache');
  });
});
