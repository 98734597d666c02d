import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCompatible, openDevice, openGpu } from '../../../../test/support/gpu.ts';
import type { EngineDevice } from '../../device/device.ts';
import { acquireDevice } from '../../gpu/device.ts';
import { definePackedBytes } from '../../gpu/packed-bytes.ts';
import { everyPipeline, smallTargets } from './every-pipeline.ts';
import { kernels } from './registry.ts';

// Dawn's null backend runs the whole WGSL compiler and pipeline validation with no GPU and no driver.
describe('every kernel compiles in every variant', () => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openDevice('null');
  });
  afterAll(() => device.destroy());

  it.each(everyPipeline())('$name', async ({ spec }) => {
    await device.compile(spec);
    expect(device.failed).toBe(false);
  });
});

// A browser whose WGSL does not name the packed-byte functions (Chrome before 123, some Safari) gets them with each kernel.
describe('every kernel that packs bytes compiles with its own functions for it', () => {
  let device: EngineDevice;
  beforeAll(async () => {
    const gpu = await openGpu('null');
    device = await acquireDevice({
      requestAdapter: () => gpu.requestAdapter(),
      wgslLanguageFeatures: new Set(),
    } as unknown as GPU);
  });
  afterAll(() => device.destroy());

  it.each(everyPipeline().filter(({ spec: { code } }) => definePackedBytes(code) !== code))(
    '$name',
    async ({ spec }) => {
      await device.compile(spec);
      expect(device.failed).toBe(false);
    },
  );
});

// Dawn holds such a device to the limits of the compatibility level: 128 invocations, 16 KiB and 8 storage buffers a workgroup.
describe('every kernel in its small form keeps to the limits of the compatibility level', () => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openCompatible('null');
  });
  afterAll(() => device.destroy());

  it.each(everyPipeline(kernels, smallTargets))('$name', async ({ spec }) => {
    await device.compile(spec);
    expect(device.failed).toBe(false);
  });

  it('and kernels in other forms do not', async () => {
    const large = everyPipeline(kernels).filter(({ spec }) => spec.constants?.WORKGROUP_SIZE === 256);
    expect(large).not.toEqual([]);
    for (const { spec } of large) {
      await expect(device.compile(spec)).rejects.toMatchObject({ code: 'gpu-error' });
    }
  });
});
