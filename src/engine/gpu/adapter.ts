import { webgpuBrowsers } from '../browsers.ts';
import { BedsideError } from '../errors.ts';
import { inBytes, sentence } from '../sentence.ts';
import type { DeviceReport } from '../types/device.ts';

const smallestBindingBytes = 128 * 1024 * 1024;

/** Throws `no-webgpu` or `adapter-too-small`. */
export async function requestAdapter(gpu: GPU | undefined): Promise<GPUAdapter> {
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
export function reportOf(adapter: GPUAdapter): DeviceReport {
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
