/**
 * GPU devices for tests, without a browser: Dawn in Node on a software Vulkan driver (lavapipe: f16, subgroups of 8;
 * SwiftShader: f32, subgroups of 4), or Dawn's null backend, which compiles every shader and runs nothing.
 */

import { existsSync } from 'node:fs';
import { restWhileWaiting } from '../../src/cli/input/rest-while-waiting.ts';
import type { EngineDevice } from '../../src/engine/device/device.ts';
import { acquireDevice, WebGpuDevice } from '../../src/engine/gpu/device.ts';
import { acquireProcessor } from '../../src/engine/processor/acquire-processor.ts';
import type { ActivationBits } from '../../src/engine/types/device-choice.ts';
import { inventedRates } from './processor.ts';

export type AdapterName = 'lavapipe' | 'swiftshader' | 'null';

const drivers: Record<'lavapipe' | 'swiftshader', { variable: string; paths: string[] }> = {
  lavapipe: {
    variable: 'BEDSIDE_LVP_ICD',
    paths: ['/usr/share/vulkan/icd.d/lvp_icd.json', '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json'],
  },
  swiftshader: {
    variable: 'BEDSIDE_SWIFTSHADER_ICD',
    paths: ['/usr/lib/chromium/vk_swiftshader_icd.json', '/opt/google/chrome/vk_swiftshader_icd.json'],
  },
};

/** The driver's manifest file, or undefined where it is not installed. */
export function driverFile(name: 'lavapipe' | 'swiftshader'): string | undefined {
  const { variable, paths } = drivers[name];
  return [process.env[variable], ...paths].find(path => path && existsSync(path));
}

/** Adapters that can compute on this machine. */
export const computeAdapters = (['lavapipe', 'swiftshader'] as const).filter(name => driverFile(name));

/**
 * Where kernels in the forms that GPUs get are compared with their twins: drivers take seconds to compile one, and lavapipe three times
 * as long as SwiftShader, so one run has them on the latter alone. BEDSIDE_ALL_CASES=1 has them on all.
 */
export const gpuFormAdapters = runsAllCases() ? computeAdapters : computeAdapters.slice(-1);

/** Of tests that are the same on every device up to its products: all where all cases are asked for, else few. */
export function runsAllCases(): boolean {
  return process.env.BEDSIDE_ALL_CASES === '1';
}

/** The same and the machine's own processor, which needs no driver: where a whole model is compared with its reference. */
export const everyDevice = [...computeAdapters, 'processor'] as const;
export type DeviceName = (typeof everyDevice)[number];

declare global {
  // The process aborts when the object behind `create` is collected.
  var dawnInstances: unknown[];
}

export async function openGpu(name: AdapterName): Promise<GPU> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  process.env.XDG_RUNTIME_DIR ??= '/tmp';
  if (name !== 'null') process.env.VK_DRIVER_FILES = driverFile(name);
  const gpu = create([name === 'null' ? 'backend=null' : 'backend=vulkan']);
  globalThis.dawnInstances ??= [];
  globalThis.dawnInstances.push(gpu);
  // The drivers compute on the cores that Dawn would spend with looking for what they have done.
  if (name !== 'null') restWhileWaiting();
  return gpu;
}

export async function openDevice(name: AdapterName): Promise<WebGpuDevice> {
  return acquireDevice(await openGpu(name));
}

/** As where a browser has no adapter of WebGPU's own level, but one of the compatibility level. */
export async function openCompatible(name: AdapterName): Promise<WebGpuDevice> {
  return acquireDevice(compatibleGpu(await openGpu(name)));
}

export function compatibleGpu(gpu: GPU): GPU {
  const requestAdapter: GPU['requestAdapter'] = async options =>
    options?.featureLevel === 'compatibility' ? gpu.requestAdapter(options) : null;
  return { requestAdapter } as GPU;
}

/** One of `everyDevice`; the processor with one thread, and products whose activations have so many bits. */
export function openAnyDevice(name: DeviceName, activationBits: ActivationBits = 32): Promise<EngineDevice> {
  return name === 'processor'
    ? acquireProcessor({ activationBits, known: { threads: 1, rates: inventedRates } })
    : openDevice(name);
}

/** A processor's device that takes itself for a GPU, and so builds the kernels that GPUs get. */
export async function openAsGpu(name: AdapterName): Promise<WebGpuDevice> {
  const { gpu, report } = await openDevice(name);
  return new WebGpuDevice(gpu, { ...report, isSoftware: false });
}
