import type { EngineDevice } from '../device/device.ts';
import type { KernelNeeds } from '../kernels/registry/kernel-entry.ts';
import { needsOfKnownModels } from '../kernels/registry/known-models.ts';
import { kernelProblems } from '../kernels/registry/registry.ts';
import type { DeviceTestReport, DeviceTestScope } from '../types/device-test.ts';
import { precisions } from '../types/precision.ts';
import { type ReportEvents, reportKernels } from './kernel-report.ts';

/** No model has larger pieces; smaller ones would only take longer. */
const pieceBytes = 128 * 1024 * 1024;

export interface DeviceTest {
  scope: DeviceTestScope;
  /** Find out whether so much memory can be had at once; 0 leaves it. Processors are not asked: see requireRoom. */
  memoryBytes: number;
}

/**
 * Compares the kernels of the loaded model, or all, with their scalar twins on this device, and times them. The model stays
 * loaded. Only while nothing else computes on the device.
 * @param ofModel what the loaded model needs, where there is one
 * @throws `device-lost`, `gpu-error`, `aborted`
 */
export async function testDevice(
  device: EngineDevice,
  ofModel: KernelNeeds | undefined,
  { scope, memoryBytes }: DeviceTest,
  events: ReportEvents = {},
): Promise<DeviceTestReport> {
  const { report } = device;
  const memory =
    memoryBytes > 0 && !report.isSoftware ? await findMemory(device, memoryBytes, events.signal) : null;
  const chosen = scope === 'model' ? ofModel : undefined;
  const problems = kernelProblems(chosen ?? everyNeed());
  const { rows, clock } = await reportKernels(device, problems, events);
  return { device: report, scope: chosen ? 'model' : 'all', rows, clock, memory };
}

/** Every format, cache and family that a device can be asked for. */
export function everyNeed(): KernelNeeds {
  return needsOfKnownModels(precisions);
}

/** How much of it can be had at once, what is held included. */
export async function findMemory(
  device: EngineDevice,
  wantedBytes: number,
  signal?: AbortSignal,
): Promise<NonNullable<DeviceTestReport['memory']>> {
  const held = device.memory.bytes;
  const sizes: number[] = [];
  for (let left = wantedBytes - held; left > 0; left -= pieceBytes) sizes.push(Math.min(left, pieceBytes));
  const { allocatedBytes } = await device.memory.probe(sizes, signal);
  return { wantedBytes, foundBytes: held + allocatedBytes };
}
