import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test, vi } from 'vitest';
import {
  deviceLost,
  type FakeEngine,
  failure,
  newestOperation,
  setUp,
} from '../../../test/support/fake-worker.ts';
import { abortedError } from '../../engine/errors.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

/** A test that waits until it is stopped. */
const waiting: FakeEngine['testDevice'] = (_, __, ___, { signal, onProgress }) => {
  onProgress?.({ done: 0, total: 2, next: 'rope', rows: [] });
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(abortedError())));
};

test('acquires a device where there is none, and reports on the way', async () => {
  const { testDevice, devices } = setUp();
  const { result, events } = await testDevice({ scope: 'model' });
  expect(result).toMatchObject({ ok: true, value: { scope: 'model', rows: [] } });
  expect(devices).toHaveLength(1);
  expect(events).toEqual([
    { kind: 'progress', args: [{ done: 1, total: 1, next: '', rows: [] }] },
    { kind: 'end' },
  ]);
});

test('uses the device and the model that are there, and leaves both', async () => {
  const test = vi.fn<FakeEngine['testDevice']>(async device => ({
    device: device.report,
    scope: 'all',
    rows: [],
    clock: 'submit-to-done',
    memory: null,
  }));
  const { load, testDevice, generate, devices, models } = setUp({ testDevice: test });
  await load();
  await testDevice({ memoryBytes: 5 });
  expect(test).toHaveBeenCalledWith(
    devices[0],
    models[0],
    { scope: 'all', memoryBytes: 5 },
    expect.anything(),
  );
  expect((await generate()).result.ok).toBe(true);
});

test('runs alone: nothing else begins beside it, and it begins beside nothing else', async () => {
  const waitingAnswer: FakeEngine['answer'] = (_, __, { signal }) =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(abortedError())));
  const { load, testDevice, generate, api } = setUp({ testDevice: waiting, answer: waitingAnswer });
  await load();
  const testing = testDevice();
  const test = newestOperation();
  expect((await generate()).result).toEqual(failure('busy'));
  expect(await api.unloadModel()).toEqual(failure('busy'));
  await api.abort(test);
  expect((await testing).result).toEqual(failure('aborted'));
  const answering = generate();
  const answer = newestOperation();
  expect((await testDevice()).result).toMatchObject({
    ok: false,
    error: { code: 'busy', message: 'An answer is being written.' },
  });
  await api.abort(answer);
  await answering;
});

test('a device that is lost meanwhile takes the model with it', async () => {
  const { load, testDevice, generate, devices } = setUp({
    testDevice: async device => {
      device.failed = true;
      throw deviceLost();
    },
  });
  await load();
  expect((await testDevice()).result).toEqual(failure('device-lost'));
  expect(devices[0]!.isDestroyed).toBe(true);
  expect((await generate()).result).toEqual(failure('device-lost'));
});
