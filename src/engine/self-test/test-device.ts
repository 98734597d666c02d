import type { EngineDevice } from '../gpu/device.ts';
import { probeMemory } from '../gpu/probe-memory.ts';
import type { LanguageModel } from '../models/language-model.ts';
import type { DeviceTestReport, DeviceTestScope } from '../types.ts';
import { type ReportEvents, reportKernels } from './kernel-report.ts';
import { everyKernel, kernelsOf, listProblems } from './kernel-selection.ts';

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
 * @throws `device-lost`, `gpu-error`, `aborted`
 */
export async function testDevice(
  device: EngineDevice,
  model: LanguageModel | undefined,
  { scope, memoryBytes }: DeviceTest,
  events: ReportEvents = {},
): Promise<DeviceTestReport> {
  const { report } = device;
  const memory =
    memoryBytes > 0 && !report.isSoftware ? await findMemory(device, memoryBytes, events.signal) : null;
  const ofModel = scope === 'model' && model ? kernelsOf(model) : undefined;
  const problems = listProblems(device, ofModel ?? everyKernel(device));
  const { rows, clock } = await reportKernels(device, problems, events);
  return { device: report, scope: ofModel ? 'model' : 'all', rows, clock, memory };
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
  const { allocatedBytes } = await probeMemory(device, sizes, signal);
  return { wantedBytes, foundBytes: held + allocatedBytes };
}
