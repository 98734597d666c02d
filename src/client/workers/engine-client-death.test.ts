import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type FakeWorker,
  generateCall,
  ok,
  outcome,
  post,
  startClient,
  startClientWith,
} from '../../../test/support/fake-engine-worker.ts';
import { BedsideError, toErrorData } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import type { DeviceReport } from '../../engine/types/device.ts';
import { BorrowedHelpers } from '../../worker/engine/borrowed-helpers.ts';
import type { EngineApi } from '../../worker/engine/engine-verbs.ts';
import type { Result } from '../../worker/verbs/result.ts';
import type { EngineClient } from './engine-client.ts';

const never = () => new Promise<never>(() => undefined);

let client: EngineClient;
let workers: FakeWorker[];

function start(...changes: Partial<EngineApi>[]): void {
  ({ client, workers } = startClient(...changes));
}

afterEach(() => {
  client.dispose();
  vi.unstubAllGlobals();
});

describe('a worker that dies', () => {
  test.each<[string, (worker: FakeWorker) => void, string]>([
    ['of an error', worker => worker.dispatch('error', 'out of memory'), 'out of memory'],
    [
      'before its script has loaded',
      worker => worker.dispatch('error'),
      'the script of the worker did not load',
    ],
    [
      'of a message that cannot be read',
      worker => worker.dispatch('messageerror'),
      'a message could not be read',
    ],
  ])('%s: every pending call rejects, the next starts a fresh one', async (_, kill, cause) => {
    start({ generate: never, loadedModel: never });
    const answering = client.generate(generateCall);
    const listing = client.loadedModel();
    await client.probeDevice();
    kill(workers[0]!);
    await expect(answering).rejects.toMatchObject({ code: 'worker-died', cause });
    await expect(listing).rejects.toMatchObject({ code: 'worker-died' });
    expect(workers[0]?.isTerminated).toBe(true);
    expect(await client.generate(generateCall)).toEqual(outcome);
    expect(workers).toHaveLength(2);
  });

  test('in silence is found out by the heartbeat', async () => {
    start({ ping: never, generate: never });
    await expect(client.generate(generateCall)).rejects.toMatchObject({
      code: 'worker-died',
      cause: 'no answer to the heartbeat',
    });
    expect(await client.generate(generateCall)).toEqual(outcome);
  });

  test('between calls tells so, and is replaced by the next call', async () => {
    start();
    const hear = vi.fn();
    client.onModelLost(hear);
    await client.probeDevice();
    workers[0]?.dispatch('error', 'gone');
    expect(hear.mock.calls).toMatchObject([[{ code: 'worker-died', cause: 'gone' }]]);
    expect(await client.probeDevice()).toEqual({ adapter: 'test' });
    expect(workers).toHaveLength(2);
  });
});

test('a call that takes long is left alone while the heartbeat is answered', async () => {
  let pings = 0;
  let end!: (report: Result<DeviceReport>) => void;
  start({
    async ping() {
      // More often than a silent worker would be asked.
      if (++pings === 30) end(ok({} as DeviceReport));
      return pings;
    },
    probeDevice: () =>
      new Promise(resolve => {
        end = resolve;
      }),
  });
  expect(await client.probeDevice()).toEqual({});
  // One may have been on its way when the call ended.
  await new Promise(resolve => setTimeout(resolve, 50));
  const atRest = pings;
  await new Promise(resolve => setTimeout(resolve, 50));
  expect(pings).toBe(atRest);
});

test('a worker too busy to answer lives while its events arrive', async () => {
  start({
    ping: never,
    async generate(_, port) {
      for (let i = 0; i < 15; i++) {
        await new Promise(resolve => setTimeout(resolve, 20));
        post(port, { kind: 'prefill', args: [i, 15] });
      }
      post(port, { kind: 'end' });
      return ok(outcome);
    },
  });
  expect(await client.generate(generateCall)).toEqual(outcome);
});

test('a model that is lost while nothing is asked is told of, by each worker', async () => {
  const ports: MessagePort[] = [];
  const watchModel = async (port: MessagePort) => void ports.push(port);
  start({ watchModel }, { watchModel });
  const hear = vi.fn();
  client.onModelLost(hear);
  await client.probeDevice();
  workers[0]?.dispatch('error', 'gone');
  await client.probeDevice();
  expect(ports).toHaveLength(2);
  hear.mockClear();
  ports[1]?.postMessage(toErrorData(new BedsideError('device-lost', sentence`lost: Lost.`, 'Again.')));
  await vi.waitFor(() => expect(hear).toHaveBeenCalled());
  expect(hear.mock.lastCall?.[0]).toMatchObject({ code: 'device-lost', message: 'Lost.' });
  client.dispose();
  expect(hear).toHaveBeenCalledTimes(1);
});

test('dispose ends the worker and every call', async () => {
  start({ generate: never });
  const answering = client.generate(generateCall);
  await client.probeDevice();
  client.dispose();
  await expect(answering).rejects.toMatchObject({ code: 'aborted' });
  await expect(client.probeDevice()).rejects.toMatchObject({ code: 'aborted' });
  expect(workers).toHaveLength(1);
  expect(workers[0]?.isTerminated).toBe(true);
});

test.each<[string, () => void]>([
  ['dies', () => workers[0]?.dispatch('error', 'gone')],
  ['is disposed of', () => client.dispose()],
])('the helpers that a worker has borrowed end when it %s', async (_, end) => {
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
  const terminate = vi.fn();
  const spawnHelper = vi.fn(() =>
    Object.assign(new EventTarget(), { postMessage: () => undefined, terminate }),
  );
  const lendHelpers = async (page: MessagePort) => {
    const borrowed = new BorrowedHelpers(page, () => undefined);
    borrowed.start();
    borrowed.start();
  };
  ({ client, workers } = startClientWith({ spawnHelper }, { lendHelpers }));
  await client.probeDevice();
  await vi.waitFor(() => expect(spawnHelper).toHaveBeenCalledTimes(2));
  expect(terminate).not.toHaveBeenCalled();
  end();
  expect(terminate).toHaveBeenCalledTimes(2);
});
