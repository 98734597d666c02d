import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeAdapters, openDevice } from '../../../test/support/gpu.ts';
import type { EngineDevice } from '../../engine/device/device.ts';
import { kernelCases } from '../../engine/kernels/registry/registry.ts';
import { DeviceClock } from '../../engine/timing/clock.ts';
import { parseArguments } from '../input/arguments.ts';
import { openDevice as openNamedDevice } from '../input/open-device.ts';
import { measureCopyKernel, measureMultiplyAdd } from './device-rates.ts';

const sampling = { repeat: 3, budgetMs: 0 };

describe.each(computeAdapters)('the benchmark on %s', adapter => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openDevice(adapter);
  });
  afterAll(() => device.destroy());

  it('measures the rates of the device and leaves nothing behind', async () => {
    const clock = await DeviceClock.create(device);
    const bytes = device.memory.bytes;
    expect(clock.method).toBe('submit-to-done');
    const { gflops, gpuClockShare } = await measureMultiplyAdd(device, clock, sampling);
    expect(gpuClockShare).toBeUndefined();
    expect(gflops.median).toBeGreaterThan(0);
    const copy = await measureCopyKernel(device, clock, 1024 * 1024, sampling);
    expect(copy.median).toBeGreaterThan(0);
    expect(copy.runs).toBeGreaterThanOrEqual(sampling.repeat);
    expect(device.memory.bytes).toBe(bytes);
    device.check();
  });

  // Without the other products, which take software adapters seconds each to compile.
  const attention = [
    { heads: 4, kvHeads: 2, headDim: 32, ropeDimensions: 32, pages: 2, cache: 'f32' as const },
  ];
  const scale = { shapes: [{ rows: 70, columns: 256 }], tokens: [1], contexts: [65] };
  const needs = {
    text: { types: ['Q4_0' as const], embeddings: [], attention },
    vision: {
      kinds: ['intern-vit', 'siglip'] as const,
      types: [],
      encoders: [{ heads: 2, headDim: 32, positions: 17 }],
      scored: attention,
    },
  };

  it.each(kernelCases(needs, scale))('launches $kernel on $describe', async ({ prepare }) => {
    const clock = await DeviceClock.create(device);
    const before = device.memory.snapshot();
    const { launches, work } = await prepare(device, 100_000);
    const times = await clock.time(launches, sampling);
    expect(times.every(ms => ms > 0)).toBe(true);
    if (work) expect(Math.min(work.bytes, work.flops)).toBeGreaterThan(0);
    device.memory.releaseExcept(before);
    device.check();
  });
});

it.runIf(computeAdapters.includes('lavapipe'))('reads the clock of a GPU that has one', async () => {
  const args = parseArguments(['--adapter', 'lavapipe'], {});
  const device = await openNamedDevice(args, { timestamps: true });
  const clock = await DeviceClock.create(device);
  expect(clock.method).toBe('timestamp-query');
  const { gpuClockShare } = await measureMultiplyAdd(device, clock, sampling);
  // Below one but for jitter: the host's time holds the submit and the waiting as well.
  expect(gpuClockShare).toBeGreaterThan(0);
  expect(gpuClockShare).toBeLessThan(1.1);
  device.destroy();
});
