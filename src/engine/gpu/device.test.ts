import { expect, test } from 'vitest';
import { compatibleGpu } from '../../../test/support/gpu.ts';
import { describeAdapter } from './adapter.ts';
import { acquireDevice } from './device.ts';

const limits = { maxStorageBufferBindingSize: 2 ** 30, maxBufferSize: 2 ** 30 };

/** A browser's WebGPU that gives this adapter. */
function gpuOf(adapter: object): GPU {
  return { requestAdapter: async () => ({ features: new Set(), limits, ...adapter }) } as unknown as GPU;
}

test('a device that cannot be opened is an error with advice', async () => {
  const gpu = gpuOf({
    requestDevice: () => Promise.reject(new DOMException('The driver gave up.', 'OperationError')),
  });
  await expect(acquireDevice(gpu)).rejects.toMatchObject({
    code: 'no-webgpu',
    cause: { message: 'The driver gave up.' },
  });
});

test('a browser that refuses to look for a device has no WebGPU: as Firefox 140 does, and at once', async () => {
  const refusal = new DOMException('WebGPU is not yet available in Release or late Beta builds.');
  const refusing = [() => Promise.reject(refusal), () => fail(refusal)];
  for (const requestAdapter of refusing) {
    for (const look of [describeAdapter, acquireDevice]) {
      await expect(look({ requestAdapter } as unknown as GPU)).rejects.toMatchObject({
        code: 'no-webgpu',
        message: expect.stringContaining('does not offer it here'),
        advice: expect.stringContaining('Firefox 141 or newer on Windows'),
        cause: refusal,
      });
    }
  }
});

test('a browser without WebGPU, and one that finds no adapter', async () => {
  await expect(describeAdapter(undefined)).rejects.toMatchObject({
    code: 'no-webgpu',
    advice: expect.stringContaining('Chrome or Edge 123'),
  });
  const none = { requestAdapter: async () => null } as unknown as GPU;
  await expect(describeAdapter(none)).rejects.toMatchObject({
    code: 'no-webgpu',
    message: expect.stringContaining('found no graphics device'),
  });
});

test('an adapter of the compatibility level is taken only where there is no other', async () => {
  const both = {
    requestAdapter: async ({ featureLevel = 'core' }: GPURequestAdapterOptions) => ({
      features: new Set(),
      limits,
      info: { vendor: featureLevel },
    }),
  };
  expect(await describeAdapter(both as unknown as GPU)).toMatchObject({
    adapter: 'core',
    details: { level: 'core' },
  });
  expect(await describeAdapter(compatibleGpu(both as unknown as GPU))).toMatchObject({
    adapter: 'compatibility',
    details: { level: 'compatibility' },
  });
});

test('an adapter that allows less than the small forms of kernels take is refused, with the limit that is too low', async () => {
  const needed = {
    ...limits,
    maxComputeInvocationsPerWorkgroup: 128,
    maxComputeWorkgroupSizeX: 128,
    maxComputeWorkgroupStorageSize: 16384,
    maxStorageBuffersPerShaderStage: 8,
  };
  await expect(describeAdapter(gpuOf({ limits: needed }))).resolves.toBeDefined();
  for (const [changed, message] of [
    [{ maxComputeInvocationsPerWorkgroup: 64 }, 'allows 64 invocations in a workgroup; 128 are needed'],
    [{ maxStorageBuffersPerShaderStage: 4 }, 'allows 4 buffers for a kernel; 8 are needed'],
    [
      { maxComputeWorkgroupStorageSize: 8192 },
      'allows 8,192 bytes of memory for a workgroup; 16,384 are needed',
    ],
    [{ maxStorageBufferBindingSize: 2 ** 26 }, 'in one piece'],
  ] as const) {
    await expect(describeAdapter(gpuOf({ limits: { ...needed, ...changed } }))).rejects.toMatchObject({
      code: 'adapter-too-small',
      message: expect.stringContaining(message),
    });
  }
});

test('an adapter that says nothing of itself, or is named nowhere', async () => {
  const empty = { vendor: '', architecture: '', device: '', description: '' };
  for (const info of [undefined, {}, empty]) {
    await expect(describeAdapter(gpuOf({ info }))).resolves.toMatchObject({
      adapter: 'unnamed graphics device',
      isSoftware: false,
      details: { vendor: '', architecture: '', description: '', subgroupSizes: null },
    });
  }
});

test('a processor is told by its flag where nothing is named, wherever the browser keeps the flag', async () => {
  const inInfo = gpuOf({ info: { vendor: '', isFallbackAdapter: true } });
  const onAdapter = gpuOf({ isFallbackAdapter: true, info: { vendor: '' } });
  for (const gpu of [inInfo, onAdapter]) {
    await expect(describeAdapter(gpu)).resolves.toMatchObject({ isSoftware: true });
  }
});

function fail(error: Error): never {
  throw error;
}
