import { webgpuBrowsers } from '../browsers.ts';
import { BedsideError } from '../errors.ts';
import { inBytes, sentence, written } from '../sentence.ts';
import { type DeviceReport, type FeatureLevel, unnamedAdapter } from '../types/device.ts';

/**
 * What WebGPU promises of every adapter, those of its compatibility level too, and what the small forms of kernels need:
 * plainer-variants.ts.
 */
const neededLimits = [
  ['maxComputeInvocationsPerWorkgroup', 128, 'invocations in a workgroup'],
  ['maxComputeWorkgroupSizeX', 128, 'invocations in a row of a workgroup'],
  ['maxComputeWorkgroupStorageSize', 16384, 'bytes of memory for a workgroup'],
  ['maxStorageBuffersPerShaderStage', 8, 'buffers for a kernel'],
] as const;

const smallestBindingBytes = 128 * 1024 * 1024;

const unsuitable = 'Use another device. Phones and very old graphics chips cannot run these models.';

export interface FoundAdapter {
  adapter: GPUAdapter;
  /** At which it was found: its devices keep to that level's rules and limits. */
  level: FeatureLevel;
}

/** Throws `no-webgpu` or `adapter-too-small`. */
export async function requestAdapter(gpu: GPU | undefined): Promise<FoundAdapter> {
  if (!gpu) {
    throw new BedsideError(
      'no-webgpu',
      sentence`browser-without-webgpu: This browser does not offer WebGPU, through which a page reaches the GPU.`,
      `For a GPU use ${webgpuBrowsers}, opened from https:// or localhost.`,
    );
  }
  let found: FoundAdapter | undefined;
  try {
    found = await findAdapter(gpu);
  } catch (error) {
    // Firefox 140 has the object, and refuses in this way where WebGPU is not made for the system.
    throw new BedsideError(
      'no-webgpu',
      sentence`webgpu-not-offered-here: This browser knows WebGPU, through which a page reaches the GPU, but does not offer it here.`,
      `For a GPU use ${webgpuBrowsers}. It may also be switched off in the settings of this browser.`,
      error,
    );
  }
  if (!found) {
    throw new BedsideError(
      'no-webgpu',
      sentence`no-graphics-device: The browser found no graphics device that it may use for WebGPU.`,
      'Update the graphics driver and switch on hardware acceleration in the browser settings. Chrome and Edge say at chrome://gpu why there is none, Firefox at about:support.',
    );
  }
  const { limits } = found.adapter;
  if (limits.maxStorageBufferBindingSize < smallestBindingBytes) {
    throw new BedsideError(
      'adapter-too-small',
      sentence`device-allows-too-little: The graphics device allows ${{ allowedBytes: inBytes(limits.maxStorageBufferBindingSize) }} in one piece; ${{ neededBytes: inBytes(smallestBindingBytes) }} are needed.`,
      unsuitable,
    );
  }
  for (const [limit, needed, ofWhat] of neededLimits) {
    if (limits[limit] < needed) {
      throw new BedsideError(
        'adapter-too-small',
        sentence`device-limit-too-low: The graphics device allows ${{ allowed: limits[limit] }} ${{ limit: written(limit, ofWhat) }}; ${{ needed }} are needed.`,
        unsuitable,
      );
    }
  }
  return found;
}

/**
 * One of WebGPU's own level; where there is none, one of the compatibility level, which promises fewer invocations a workgroup and
 * forbids nothing else that kernels use (OpenGL ES 3.1, Direct3D 11). Browsers that do not know the level say again that they have none.
 */
async function findAdapter(gpu: GPU): Promise<FoundAdapter | undefined> {
  const powerPreference = 'high-performance';
  const core = await gpu.requestAdapter({ powerPreference });
  if (core) return { adapter: core, level: 'core' };
  const adapter = await gpu.requestAdapter({ powerPreference, featureLevel: 'compatibility' });
  return adapter ? { adapter, level: 'compatibility' } : undefined;
}

/** What the adapter says of itself: browsers leave `info`, or what is in it, out (Firefox), or say it elsewhere. */
export function reportOf({ adapter, level }: FoundAdapter): DeviceReport {
  const info = adapter.info as Partial<GPUAdapterInfo> | undefined;
  // Before `info` had it.
  const { isFallbackAdapter } = adapter as { isFallbackAdapter?: boolean };
  const words = [info?.vendor, info?.architecture, info?.description || info?.device];
  const isSoftware =
    (info?.isFallbackAdapter ?? isFallbackAdapter) === true ||
    /swiftshader|llvmpipe|lavapipe/i.test(words.join(' '));
  return {
    kind: 'gpu',
    adapter: words.filter(Boolean).join(' ') || unnamedAdapter,
    isSoftware,
    longChunks: !isSoftware && level === 'core',
    shaderF16: adapter.features.has('shader-f16'),
    subgroups: adapter.features.has('subgroups'),
    maxBufferBytes: adapter.limits.maxBufferSize,
    maxBindingBytes: adapter.limits.maxStorageBufferBindingSize,
    details: {
      level,
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
