import { existsSync } from 'node:fs';
import type { EngineDevice } from '../../engine/device/device.ts';
import type { MemoryLimits } from '../../engine/device/memory.ts';
import { BedsideError } from '../../engine/errors.ts';
import { acquireDevice } from '../../engine/gpu/device.ts';
import { sentence } from '../../engine/sentence.ts';
import { type Precision, precisions } from '../../engine/types/precision.ts';
import { type Arguments, badArgument } from './arguments.ts';
import { forcedChoices } from './forced-choices.ts';
import { openProcessor } from './open-processor.ts';
import { restWhileWaiting } from './rest-while-waiting.ts';

const drivers: Record<string, string[]> = {
  lavapipe: [
    process.env.BEDSIDE_LVP_ICD ?? '',
    '/usr/share/vulkan/icd.d/lvp_icd.json',
    '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json',
  ],
  swiftshader: [
    process.env.BEDSIDE_SWIFTSHADER_ICD ?? '',
    '/usr/lib/chromium/vk_swiftshader_icd.json',
    '/opt/google/chrome/vk_swiftshader_icd.json',
  ],
};

// When the object behind `create` is collected, the process aborts.
const keepAlive: unknown[] = [];

/**
 * The device that --adapter names: an adapter, through Dawn, or the processor. BEDSIDE_DAWN: Dawn toggles, comma-separated.
 * `timestamps`: with the GPU's clock where the adapter has one, for measuring. The engine itself never asks for it.
 */
export async function openDevice(
  args: Arguments,
  options: { timestamps?: boolean } = {},
): Promise<EngineDevice> {
  const choices = forcedChoices(args);
  const device = await openNamed(args, options);
  if (choices) device.variant = { ...device.variant, choices };
  return device;
}

async function openNamed(
  args: Arguments,
  { timestamps = false }: { timestamps?: boolean },
): Promise<EngineDevice> {
  const name = args.text('adapter') ?? 'default';
  if (name === 'processor') return openProcessor(args);
  if (name === 'default' && !timestamps) return openDefault(args);
  refuseProcessorOptions(args);
  if (name === 'default') return openAdapter(undefined, timestamps);
  const files = drivers[name];
  if (!files)
    throw badArgument(
      sentence`adapter-option: --adapter must be default, processor, lavapipe or swiftshader, not "${{ found: name }}".`,
    );
  const file = files.find(path => path && existsSync(path));
  if (!file) {
    throw new BedsideError(
      'no-webgpu',
      sentence`driver-not-installed: The driver ${{ driver: name }} is not installed.`,
      name === 'lavapipe' ? 'Install mesa-vulkan-drivers.' : 'Install chromium.',
    );
  }
  return openAdapter(file, timestamps);
}

/** What Dawn finds, with the Vulkan driver whose manifest is `driver` or any. */
async function openAdapter(driver: string | undefined, timestamps: boolean): Promise<EngineDevice> {
  if (driver !== undefined) process.env.VK_DRIVER_FILES = driver;
  process.env.XDG_RUNTIME_DIR ??= '/tmp';
  const { create, globals } = await importDawn();
  Object.assign(globalThis, globals);
  const toggles = process.env.BEDSIDE_DAWN;
  const options = process.platform === 'linux' ? ['backend=vulkan'] : [];
  if (toggles) options.push(`enable-dawn-features=${toggles}`);
  // Dawn rounds timestamps to 100 us, against attacks that time the GPU.
  if (timestamps) options.push('disable-dawn-features=timestamp_quantization');
  const gpu = create(options);
  keepAlive.push(gpu);
  const device = await acquireDevice(timestamps ? withTimestamps(gpu) : gpu);
  if (device.report.isSoftware) restWhileWaiting();
  return device;
}

/**
 * The graphics device that Dawn finds; where there is none, or only one that is made of the processor, the processor, which needs no
 * driver and is faster. Says on standard error which.
 */
async function openDefault(args: Arguments): Promise<EngineDevice> {
  const found = await openAdapter(undefined, false).catch((error: unknown) => {
    if (error instanceof BedsideError && error.code === 'no-webgpu') return error;
    throw error;
  });
  if (!(found instanceof BedsideError) && !found.report.isSoftware) {
    refuseProcessorOptions(args);
    process.stderr.write(`Graphics device: ${found.report.adapter}.\n`);
    return found;
  }
  const why =
    found instanceof BedsideError
      ? found.message
      : `The only graphics device here is made of the processor (${found.report.adapter}).`;
  process.stderr.write(`${why} This is computed on the processor.\n`);
  if (!(found instanceof BedsideError)) found.destroy();
  return openProcessor(args);
}

function refuseProcessorOptions(args: Arguments): void {
  if (args.text('threads') !== undefined)
    throw badArgument(sentence`threads-of-an-adapter: --threads needs --adapter processor.`);
  if (args.text('rounded') !== undefined)
    throw badArgument(sentence`rounded-adapter: --rounded needs --adapter processor.`);
}

/** The same adapters, which put timestamp-query among the features of each device that they make. */
function withTimestamps(gpu: GPU): GPU {
  const requestAdapter: GPU['requestAdapter'] = async options => {
    const adapter = await gpu.requestAdapter(options);
    if (!adapter?.features.has('timestamp-query')) return adapter;
    const { features, limits, info } = adapter;
    const requestDevice: GPUAdapter['requestDevice'] = descriptor =>
      adapter.requestDevice({
        ...descriptor,
        requiredFeatures: [...(descriptor?.requiredFeatures ?? []), 'timestamp-query'],
      });
    return { features, limits, info, requestDevice } as GPUAdapter;
  };
  return { requestAdapter } as GPU;
}

async function importDawn(): Promise<typeof import('webgpu')> {
  try {
    return await import('webgpu');
  } catch (error) {
    throw new BedsideError(
      'no-webgpu',
      sentence`dawn-not-installed: The npm package "webgpu" (Dawn) is not installed or does not run on this machine.`,
      'Run "npm ci", or copy node_modules/webgpu beside this file.',
      error,
    );
  }
}

/** What graphics cards allow at the least; memory depends on it only where something has to be divided. */
export const usualLimits: MemoryLimits = {
  maxBufferBytes: 2 ** 31,
  maxBindingBytes: 2 ** 31 - 4,
  longChunks: true,
};

export function readPrecision(args: Arguments): Precision {
  const text = args.text('precision') ?? 'f16';
  const precision = precisions.find(name => name === text);
  if (!precision)
    throw badArgument(
      sentence`precision-option: --precision must be one of ${{ precisions: precisions.join(', ') }}.`,
    );
  return precision;
}
