import { webgpuBrowsers } from '../browsers.ts';
import { BedsideError } from '../errors.ts';
import { inBytes, sentence } from '../sentence.ts';
import { inWords } from '../thrown-in-words.ts';
import type { DeviceReport } from '../types/device.ts';
import { deviceLostError, outOfMemoryError } from './gpu-errors.ts';
import { DeviceMemory } from './memory.ts';
import { hasPackedBytes } from './packed-bytes.ts';
import { PipelineCache } from './pipelines.ts';

/** What a kernel may use on this device. The self-test can switch `subgroups` off, and `lanes` with it. */
export interface Variant {
  subgroups: boolean;
  /** shader-f16: allows 16-bit storage of the KV cache. */
  f16: boolean;
  /**
   * Set on processors that pass for a GPU: invocations of a subgroup, 4 or 8. Products then give each lane rows of its
   * own (shaders/linear/software).
   */
  lanes?: 4 | 8 | undefined;
}

/** What decides how memory is divided: of a device, or of an adapter that none was made of yet. */
export interface MemoryLimits {
  readonly gpu: {
    readonly limits: Pick<GPUSupportedLimits, 'maxBufferSize' | 'maxStorageBufferBindingSize'>;
  };
}

/** The limits of the device that `acquireDevice` would give. */
export function limitsOf({ maxBufferBytes, maxBindingBytes }: DeviceReport): MemoryLimits {
  return { gpu: { limits: { maxBufferSize: maxBufferBytes, maxStorageBufferBindingSize: maxBindingBytes } } };
}

const smallestBindingBytes = 128 * 1024 * 1024;

/**
 * One GPU device with what the engine keeps beside it. Lives until `destroy()` or until the driver takes it away;
 * then `lost` resolves and every wait on the device rejects with `device-lost`.
 */
export class EngineDevice {
  readonly report: DeviceReport;
  /** Kernels are built for this; the self-test may take `subgroups` and `lanes` away. */
  variant: Variant;
  readonly memory: DeviceMemory;
  readonly pipelines: PipelineCache;
  /** Resolves when the device is lost for any reason but our own `destroy()`. */
  readonly lost: Promise<BedsideError>;
  #failure: BedsideError | undefined;
  #destroyed = false;

  constructor(
    readonly gpu: GPUDevice,
    report: DeviceReport,
    /** Of this browser's WGSL. Where nobody asked for it, kernels bring what it may lack. */
    language: { hasPackedBytes: boolean } = { hasPackedBytes: false },
  ) {
    this.report = report;
    const subgroups = gpu.features.has('subgroups');
    const lanes = subgroups && report.isSoftware ? lanesOf(gpu.adapterInfo) : undefined;
    this.variant = { subgroups, f16: gpu.features.has('shader-f16'), lanes };
    this.memory = new DeviceMemory(gpu);
    this.pipelines = new PipelineCache(gpu, language);
    this.lost = new Promise(resolve => {
      void gpu.lost.then(info => {
        if (this.#destroyed) return;
        const error = deviceLostError(info.message || info.reason);
        this.#failure = error;
        resolve(error);
      });
    });
    // A validation error means that a result somewhere is garbage: nothing computed after it may be shown.
    gpu.onuncapturederror = event => {
      this.#failure ??=
        event.error instanceof GPUOutOfMemoryError
          ? outOfMemoryError(event.error.message)
          : new BedsideError(
              'gpu-error',
              sentence`driver-error: The graphics driver reported an error, so the answer was stopped.`,
              'Load the model again. If it happens again, update the graphics driver or choose another device.',
              event.error.message,
            );
    };
  }

  /** Throws the first failure seen on this device. Call after every wait and before showing any number. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Maps a promise of the GPU (mapAsync, ...) to the device's own failure when it has one. */
  async guard<T>(promise: Promise<T>): Promise<T> {
    try {
      const value = await promise;
      this.check();
      return value;
    } catch (error) {
      if (error instanceof BedsideError) throw error;
      // A rejected map is the first sign of a loss; `lost` settles within the next tasks.
      const reason = await Promise.race([
        this.lost,
        new Promise<undefined>(resolve => setTimeout(() => resolve(undefined), 250)),
      ]);
      throw reason ?? this.#failure ?? deviceLostError(inWords(error));
    }
  }

  destroy(): void {
    this.#destroyed = true;
    this.#failure ??= deviceLostError('the device was closed');
    this.gpu.destroy();
  }
}

/** Invocations of every subgroup, where all have as many and the software kernels are made for so many. */
function lanesOf(info: Partial<GPUAdapterInfo> | undefined): 4 | 8 | undefined {
  const { subgroupMinSize: least, subgroupMaxSize: most } = info ?? {};
  return least === most && (least === 4 || least === 8) ? least : undefined;
}

async function requestAdapter(gpu: GPU | undefined): Promise<GPUAdapter> {
  if (!gpu) {
    throw new BedsideError(
      'no-webgpu',
      sentence`browser-without-webgpu: This browser does not offer WebGPU, which Bedside needs to compute on this device.`,
      `Use ${webgpuBrowsers}, opened from https:// or localhost.`,
    );
  }
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch (error) {
    // Firefox 140 has the object, and refuses in this way where WebGPU is not made for the system.
    throw new BedsideError(
      'no-webgpu',
      sentence`webgpu-not-offered-here: This browser knows WebGPU, which Bedside needs to compute on this device, but does not offer it here.`,
      `Use ${webgpuBrowsers}. It may also be switched off in the settings of this browser.`,
      error,
    );
  }
  if (!adapter) {
    throw new BedsideError(
      'no-webgpu',
      sentence`no-graphics-device: The browser found no graphics device that it may use for WebGPU.`,
      'Update the graphics driver and switch on hardware acceleration in the browser settings. Chrome and Edge say at chrome://gpu why there is none, Firefox at about:support.',
    );
  }
  if (adapter.limits.maxStorageBufferBindingSize < smallestBindingBytes) {
    throw new BedsideError(
      'adapter-too-small',
      sentence`device-allows-too-little: The graphics device allows ${{ allowedBytes: inBytes(adapter.limits.maxStorageBufferBindingSize) }} in one piece; ${{ neededBytes: inBytes(smallestBindingBytes) }} are needed.`,
      'Use another device. Phones and very old graphics chips cannot run these models.',
    );
  }
  return adapter;
}

/** What the adapter says of itself: browsers leave `info`, or what is in it, out (Firefox), or say it elsewhere. */
function reportOf(adapter: GPUAdapter): DeviceReport {
  const info = adapter.info as Partial<GPUAdapterInfo> | undefined;
  // Before `info` had it.
  const { isFallbackAdapter } = adapter as { isFallbackAdapter?: boolean };
  const words = [info?.vendor, info?.architecture, info?.description || info?.device];
  return {
    adapter: words.filter(Boolean).join(' ') || 'unnamed graphics device',
    isSoftware:
      (info?.isFallbackAdapter ?? isFallbackAdapter) === true ||
      /swiftshader|llvmpipe|lavapipe/i.test(words.join(' ')),
    shaderF16: adapter.features.has('shader-f16'),
    subgroups: adapter.features.has('subgroups'),
    maxBufferBytes: adapter.limits.maxBufferSize,
    maxBindingBytes: adapter.limits.maxStorageBufferBindingSize,
    details: {
      vendor: info?.vendor ?? '',
      architecture: info?.architecture ?? '',
      description: info?.description || info?.device || '',
      subgroupSizes:
        info?.subgroupMinSize && info.subgroupMaxSize ? [info.subgroupMinSize, info.subgroupMaxSize] : null,
      timestampQuery: adapter.features.has('timestamp-query'),
      maxSharedBytes: adapter.limits.maxComputeWorkgroupStorageSize,
      maxInvocations: adapter.limits.maxComputeInvocationsPerWorkgroup,
    },
  };
}

/** Looks at the adapter without making a device. Throws `no-webgpu` or `adapter-too-small`. */
export async function describeAdapter(gpu: GPU | undefined): Promise<DeviceReport> {
  return reportOf(await requestAdapter(gpu));
}

/**
 * The adapter's own limits for buffers and every feature that a kernel variant can use; nothing else.
 * @throws `no-webgpu`, `adapter-too-small`
 */
export async function acquireDevice(gpu: GPU | undefined): Promise<EngineDevice> {
  const adapter = await requestAdapter(gpu);
  const wanted: GPUFeatureName[] = ['shader-f16', 'subgroups'];
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({
      requiredFeatures: wanted.filter(feature => adapter.features.has(feature)),
      requiredLimits: {
        maxBufferSize: adapter.limits.maxBufferSize,
        maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
      },
    });
  } catch (error) {
    throw new BedsideError(
      'no-webgpu',
      sentence`device-could-not-be-opened: The browser found a graphics device but could not open it.`,
      'Close other programs that use the graphics card, reload the page, and update the graphics driver.',
      error,
    );
  }
  return new EngineDevice(device, reportOf(adapter), { hasPackedBytes: hasPackedBytes(gpu) });
}
