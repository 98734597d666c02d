import { expect } from 'vitest';
import type { EngineDevice } from '../../src/engine/device/device.ts';
import type { Dispatch, Step } from '../../src/engine/device/dispatch.ts';
import type { DeviceBuffer } from '../../src/engine/device/memory.ts';
import { readBuffer } from '../../src/engine/device/readback.ts';

export async function run(device: EngineDevice, dispatches: Dispatch[], step: Step): Promise<void> {
  const commands = device.begin();
  commands.launch(dispatches, step);
  commands.submit();
  await device.settled();
}

export async function bufferOf(
  device: EngineDevice,
  data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
): Promise<DeviceBuffer> {
  const buffer = await device.memory.storage('test', data.byteLength);
  device.write(buffer, 0, data);
  return buffer;
}

export async function readFloats(
  device: EngineDevice,
  buffer: DeviceBuffer,
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

/**
 * The ways in which a GPU's products add up: a team of 32 over more subgroups than one, a team that is one subgroup (here of 4
 * or 8 invocations), and without subgroups.
 */
export const gpuGeometries = ['subgroups', 'one subgroup a team', 'plain'] as const;

/** The device as if it were a GPU that builds its products so. */
export function withGpuGeometry(
  device: EngineDevice,
  geometry: (typeof gpuGeometries)[number],
  variant: Partial<EngineDevice['variant']> = {},
): EngineDevice {
  const gpu = { ...variant, lanes: undefined, gpu: true };
  if (geometry === 'plain') return withVariant(device, { ...gpu, subgroups: false });
  const { subgroups, subgroupMinSize } = device.variant;
  if (!subgroups || !subgroupMinSize) throw new Error('This adapter has no subgroups of a known size.');
  return withVariant(device, geometry === 'subgroups' ? gpu : { ...gpu, team: subgroupMinSize });
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
