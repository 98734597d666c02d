import { expect, test } from 'vitest';
import { acquireDevice } from './device.ts';

test('a device that cannot be opened is an error with advice', async () => {
  const adapter = {
    features: new Set(),
    limits: { maxStorageBufferBindingSize: 2 ** 30, maxBufferSize: 2 ** 30 },
    requestDevice: () => Promise.reject(new DOMException('The driver gave up.', 'OperationError')),
  };
  const gpu = { requestAdapter: async () => adapter } as unknown as GPU;
  await expect(acquireDevice(gpu)).rejects.toMatchObject({
    code: 'no-webgpu',
    cause: { message: 'The driver gave up.' },
  });
});
