import { expect, test } from 'vitest';
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
