import { expect } from 'vitest';
import type { EngineDevice } from '../../src/engine/gpu/device.ts';
import { type Dispatch, encodeDispatches, type Step } from '../../src/engine/gpu/dispatch.ts';
import { readBuffer } from '../../src/engine/gpu/readback.ts';

export async function run(device: EngineDevice, dispatches: Dispatch[], step: Step): Promise<void> {
  const encoder = device.gpu.createCommandEncoder();
  encodeDispatches(encoder, dispatches, step);
  device.gpu.queue.submit([encoder.finish()]);
  await device.guard(device.gpu.queue.onSubmittedWorkDone());
}

export async function bufferOf(
  device: EngineDevice,
  data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
): Promise<GPUBuffer> {
  const buffer = await device.memory.storage('test', data.byteLength);
  device.gpu.queue.writeBuffer(buffer, 0, data);
  return buffer;
}

export async function readFloats(
  device: EngineDevice,
  buffer: GPUBuffer,
  count: number,
): Promise<Float32Array> {
  return new Float32Array(await readBuffer(device, buffer, count * 4));
}

/** The ways in which products can be built for a device: for a processor, for a GPU, for one without subgroups. */
export const geometries = ['lanes', 'subgroups', 'plain'] as const;

/** The device as if it were to build its products so, or undefined where it cannot. */
export function withGeometry(
  device: EngineDevice,
  geometry: (typeof geometries)[number],
): EngineDevice | undefined {
  const { lanes, subgroups } = device.variant;
  if (geometry === 'lanes') return lanes ? device : undefined;
  if (geometry === 'subgroups') return subgroups ? withVariant(device, { lanes: undefined }) : undefined;
  return withVariant(device, { lanes: undefined, subgroups: false });
}

/** The device with other variant switches: kernels built from it use the plain code paths. */
export function withVariant(device: EngineDevice, variant: Partial<EngineDevice['variant']>): EngineDevice {
  const merged = { ...device.variant, ...variant };
  return new Proxy(device, {
    get(target, key) {
      if (key === 'variant') return merged;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    // NaN must not slip through: Math.max keeps it.
    worst = Math.max(worst, difference);
  }
  expect(worst).toBeLessThanOrEqual(tolerance);
}
