import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { BedsideError } from '../engine/errors.ts';
import { type DeviceReport, greedySampling, type LoadProgress, type ModelInfo } from '../engine/types.ts';
import type { DecodedImage } from '../imaging/decode.ts';
import { mebibyte } from '../storage/weight-manifest.ts';
import { createWeightStore } from '../storage/weights.ts';
import type { DeviceHandle, Engine, ModelHandle } from './model-host.ts';
import type {
  GenerateRequest,
  ImageReport,
  LoadModelRequest,
  ModelSource,
  OperationEvent,
  WorkerApi,
} from './protocol.ts';
import { createWorkerApi } from './worker-api.ts';

const file = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7) & 255);
const source: ModelSource = {
  kind: 'url',
  id: 'nano',
  url: 'https://bedside.test/nano.gguf',
  bytes: file.length,
  chunkBytes: 8 * mebibyte,
  chunkSha256: [createHash('sha256').update(file).digest('hex')],
};
const report: DeviceReport = {
  adapter: 'test',
  isSoftware: false,
  shaderF16: false,
  subgroups: false,
  maxBufferBytes: 1,
  maxBindingBytes: 1,
};
const usage = {
  promptTokens: 1,
  cachedTokens: 0,
  generatedTokens: 1,
  prefillMs: 1,
  timeToFirstTokenMs: 1,
  decodeMs: 1,
  tokensPerSecond: 0,
};
const deviceLost = () => new BedsideError('device-lost', 'The GPU was lost.', 'Load the model again.');

class FakeDevice implements DeviceHandle {
  readonly report: DeviceReport;
  failed = false;
  isDestroyed = false;
  lose!: () => void;
  readonly lost = new Promise<BedsideError>(resolve => {
    this.lose = () => resolve(deviceLost());
  });

  constructor(isSoftware: boolean) {
    this.report = { ...report, isSoftware };
  }

  destroy(): void {
    this.isDestroyed = true;
  }
}

interface FakeModel extends ModelHandle {
  device: FakeDevice;
  isDestroyed: boolean;
}

type FakeEngine = Engine<FakeDevice, FakeModel>;

/** Calls every file a PNG of 640 x 480. */
const decodeImage = async (): Promise<DecodedImage> => ({
  image: { width: 640, height: 480, data: new Uint8Array() },
  format: 'png',
  isAnimated: false,
});

/** A worker whose engine reads the file, calls it a model and answers "Hello". */
function setUp(changes: Partial<FakeEngine> = {}, { isSoftware = false } = {}) {
  const devices: FakeDevice[] = [];
  const models: FakeModel[] = [];
  const log: string[] = [];
  const engine: FakeEngine = {
    describeAdapter: async () => report,
    async acquireDevice() {
      const device = new FakeDevice(isSoftware);
      devices.push(device);
      return device;
    },
    async loadModel(device, bytes, { onProgress, precision, contextTokens }) {
      onProgress?.({ phase: 'header', done: 0, total: 0 });
      const head = await bytes.read(0, 4);
      if (head[0] === 0xff) throw new BedsideError('not-gguf', 'This is not a GGUF file.', 'Choose another.');
      onProgress?.({ phase: 'upload', done: 0, total: bytes.bytes });
      log.push('allocate');
      const info = {
        name: `m${models.length}`,
        fileBytes: bytes.bytes,
        precision,
        contextTokens,
      } as ModelInfo;
      const model: FakeModel = {
        device,
        info,
        isDestroyed: false,
        destroy() {
          log.push(`destroy ${info.name}`);
          this.isDestroyed = true;
        },
      };
      models.push(model);
      onProgress?.({ phase: 'upload', done: bytes.bytes, total: bytes.bytes });
      return model;
    },
    async answer(_, __, { onPrefill, onText }) {
      onPrefill?.(1, 1);
      onText?.('Hel', 1);
      onText?.('lo', 2);
      return { text: 'Hello', stopReason: 'end', usage, droppedMessages: 0, contextTokens: 8, usedTokens: 3 };
    },
    ...changes,
  };
  const fetch = vi.fn(async (_url: string, _init: RequestInit) => new Response(file));
  const network = { fetch, isOnline: () => true };
  const weights = createWeightStore();
  const api = createWorkerApi({ engine, weights, network, decodeImage });
  return { api, devices, models, log, fetch, network, weights, ...callers(api) };
}

let lastOperation = 0;

/** Calls with a port, as the page does; resolves with the result and all events. */
function callers(api: WorkerApi) {
  async function withEvents<T>(
    call: (operation: number, port: MessagePort) => Promise<T>,
    operation: number,
  ) {
    const { port1, port2 } = new MessageChannel();
    const events: OperationEvent[] = [];
    const ended = new Promise<void>(resolve => {
      port1.onmessage = ({ data }) => {
        events.push(data);
        if (data.kind === 'end') resolve();
      };
    });
    const result = await call(operation, port2);
    await ended;
    port1.close();
    return { result, events };
  }
  return {
    load: (changes: Partial<LoadModelRequest> = {}) => {
      const request: LoadModelRequest = { operation: ++lastOperation, source, precision: 'f32', ...changes };
      return withEvents((_, port) => api.loadModel(request, port), request.operation);
    },
    generate: (changes: Partial<GenerateRequest> = {}) => {
      const request: GenerateRequest = {
        operation: ++lastOperation,
        template: 'raw',
        includeHistory: false,
        messages: [{ role: 'user', text: 'Hi' }],
        sampling: greedySampling,
        maxTokens: 5,
        ...changes,
      };
      return withEvents((_, port) => api.generate(request, port), request.operation);
    },
  };
}

const progressOf = (events: OperationEvent[]): LoadProgress[] =>
  events.filter(event => event.kind === 'load').map(({ progress }) => progress);

const failure = (code: string) => ({ ok: false, error: expect.objectContaining({ code }) });

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe('storeModel', () => {
  test('stores for later without a device, and does nothing where it is there', async () => {
    const { api, fetch, devices } = setUp();
    expect(await api.storeModel(source)).toEqual({ ok: true, value: null });
    expect(await api.storeModel(source)).toEqual({ ok: true, value: null });
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(devices).toEqual([]);
    expect(await api.listStoredModels()).toMatchObject({ value: [{ id: source.id }] });
  });

  test('and a load at the same time download once', async () => {
    const { api, load, fetch } = setUp();
    const storing = api.storeModel(source);
    const { result } = await load();
    expect(result.ok).toBe(true);
    expect((await storing).ok).toBe(true);
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});

describe('inspectImage', () => {
  test('says what the file is, and how the loaded model would cut it', async () => {
    const { api, load } = setUp({
      async loadModel(device) {
        const info = { name: 'seeing', vision: { tileSize: 448, tokensPerTile: 256 } } as ModelInfo;
        return { device, info, isDestroyed: false, destroy: () => undefined };
      },
    });
    const tiling = { mode: 'msac', preset: 'demo' } as const;
    const before = await api.inspectImage(new Blob(['x']), tiling);
    expect(before).toMatchObject({ ok: true, value: { format: 'png', width: 640, height: 480, plan: null } });
    await load();
    const { ok, value } = (await api.inspectImage(new Blob(['x']), tiling)) as {
      ok: true;
      value: ImageReport;
    };
    expect(ok).toBe(true);
    // SHA-256 of "x".
    expect(value.id).toBe('2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881');
    expect(value.plan).toEqual({
      detailed: [4, 3],
      adaptive: [3, 2],
      tiles: 19,
      tileSize: 448,
      visualTokens: 4864,
    });
  });
});

describe('loadModel', () => {
  test('fetches once, verifies, stores, and from then on needs no network', async () => {
    const { load, fetch, api } = setUp();
    const first = await load({ contextTokens: 512 });
    expect(first.result).toMatchObject({
      ok: true,
      value: { fileBytes: file.length, precision: 'f32', contextTokens: 512 },
    });
    expect(progressOf(first.events).map(({ phase, fromStore }) => `${phase} ${fromStore}`)).toEqual([
      'device false',
      'device false',
      'download false',
      'download false',
      'header true',
      'upload true',
      'upload true',
    ]);
    expect(fetch).toHaveBeenCalledExactlyOnceWith(
      'https://bedside.test/nano.gguf',
      expect.objectContaining({ cache: 'no-store' }),
    );
    fetch.mockRejectedValue(new TypeError('Failed to fetch'));
    const second = await load();
    expect(second.result.ok).toBe(true);
    expect(progressOf(second.events).every(({ fromStore }) => fromStore)).toBe(true);
    expect(fetch).toHaveBeenCalledOnce();
    expect(await api.listStoredModels()).toEqual({ ok: true, value: [{ id: 'nano', bytes: file.length }] });
  });

  test('reads a picked file in place and stores nothing', async () => {
    const { load, fetch, api } = setUp();
    const { result } = await load({ source: { kind: 'file', file: new File([file], 'mine.gguf') } });
    expect(result.ok).toBe(true);
    expect(fetch).not.toHaveBeenCalled();
    expect(await api.listStoredModels()).toEqual({ ok: true, value: [] });
  });

  test('says so when a picked file can no longer be read', async () => {
    const { load } = setUp();
    const gone = new File([file], 'mine.gguf');
    gone.slice = () => {
      throw new DOMException('gone', 'NotReadableError');
    };
    expect((await load({ source: { kind: 'file', file: gone } })).result).toEqual(failure('truncated-model'));
  });

  test('explains a missing connection, an unreachable server and a refusal', async () => {
    const { load, fetch, network } = setUp();
    fetch.mockRejectedValue(new TypeError('Failed to fetch'));
    network.isOnline = () => false;
    const offline = { message: expect.stringContaining('offline'), advice: expect.stringContaining('file') };
    expect((await load()).result).toMatchObject({ ok: false, error: { code: 'network', ...offline } });
    network.isOnline = () => true;
    const unreachable = { message: expect.stringContaining('could not be reached') };
    expect((await load()).result).toMatchObject({ ok: false, error: { code: 'network', ...unreachable } });
    fetch.mockResolvedValue(new Response('', { status: 404, statusText: 'Not Found' }));
    const refused = { message: expect.stringContaining('404 Not Found') };
    expect((await load()).result).toMatchObject({ ok: false, error: { code: 'network', ...refused } });
    fetch.mockResolvedValue(new Response(file));
    expect((await load()).result.ok).toBe(true);
  });

  test('does not load what has another hash, and can be asked again', async () => {
    const { load, fetch, models } = setUp();
    fetch.mockResolvedValueOnce(new Response(file.map(byte => byte ^ 1)));
    expect((await load()).result).toEqual(failure('wrong-hash'));
    expect(models).toHaveLength(0);
    expect((await load()).result.ok).toBe(true);
  });

  test('can be aborted while it downloads', async () => {
    const { load, fetch, api } = setUp();
    fetch.mockImplementationOnce(async (_, { signal }) => {
      setTimeout(() => void api.abort(lastOperation), 10);
      return new Response(
        new ReadableStream({
          start: controller => {
            controller.enqueue(file.slice(0, 5));
            signal?.addEventListener('abort', () => controller.error(signal.reason));
          },
        }),
      );
    });
    expect((await load()).result).toEqual(failure('aborted'));
    expect((await load()).result.ok).toBe(true);
  });

  test('refuses a large model on a software adapter before it fetches anything', async () => {
    const { load, fetch } = setUp({}, { isSoftware: true });
    const large = { ...source, bytes: 513 * mebibyte, chunkSha256: Array(65).fill('0'.repeat(64)) };
    expect((await load({ source: large })).result).toEqual(failure('software-adapter'));
    expect(fetch).not.toHaveBeenCalled();
    expect((await load()).result.ok).toBe(true);
  });

  test('frees the model in use before anything is allocated, on the same device', async () => {
    const { load, devices, models, log } = setUp();
    await load();
    await load();
    expect(log).toEqual(['allocate', 'destroy m0', 'allocate']);
    expect(devices).toHaveLength(1);
    expect(models[1]?.isDestroyed).toBe(false);
  });

  test('leaves the model in use alone when the new file is no model', async () => {
    const { load, generate, api, models } = setUp();
    await load();
    const wrong = new File([Uint8Array.of(0xff, 0, 0, 0)], 'photo.jpg');
    expect((await load({ source: { kind: 'file', file: wrong } })).result).toEqual(failure('not-gguf'));
    expect(models[0]?.isDestroyed).toBe(false);
    expect(await api.loadedModel()).toMatchObject({ ok: true, value: { name: 'm0' } });
    expect((await generate()).result.ok).toBe(true);
  });

  test('reports an adapter that cannot be used', async () => {
    const { load, api } = setUp({
      acquireDevice: async () => {
        throw new BedsideError('no-webgpu', 'No WebGPU.', 'Use another browser.');
      },
    });
    expect((await load()).result).toEqual(failure('no-webgpu'));
    expect(await api.probeDevice()).toEqual({ ok: true, value: report });
  });

  test('turns an unexpected throw into data and stays usable', async () => {
    let isFirst = true;
    const { load } = setUp({
      describeAdapter: async () => report,
      loadModel: async device => {
        if (isFirst) {
          isFirst = false;
          throw new TypeError('undefined is not a function');
        }
        return { device, info: { name: 'm' } as ModelInfo, isDestroyed: false, destroy: () => undefined };
      },
    });
    expect((await load()).result).toMatchObject({
      ok: false,
      error: { code: 'internal', cause: 'TypeError: undefined is not a function' },
    });
    expect((await load()).result.ok).toBe(true);
  });
});

describe('generate', () => {
  test('sends the text in order, closes the port, and names the model', async () => {
    const { load, generate } = setUp();
    await load();
    const { result, events } = await generate();
    expect(result).toMatchObject({ ok: true, value: { text: 'Hello', model: 'm0', stopReason: 'end' } });
    const text = events.flatMap(event => (event.kind === 'text' ? [event.text] : [])).join('');
    expect(text).toBe('Hello');
    expect(events[0]).toEqual({ kind: 'prefill', done: 1, total: 1 });
    expect(events.at(-1)).toEqual({ kind: 'end' });
  });

  test('needs a model', async () => {
    const { load, generate, api } = setUp();
    expect((await generate()).result).toEqual(failure('no-model'));
    await load();
    expect(await api.unloadModel()).toEqual({ ok: true, value: null });
    expect((await generate()).result).toEqual(failure('no-model'));
    expect(await api.loadedModel()).toEqual({ ok: true, value: null });
  });

  test('hands its request on without the operation number', async () => {
    const answer = vi.fn<FakeEngine['answer']>(async () => ({
      text: '',
      stopReason: 'end',
      usage,
      droppedMessages: 0,
      contextTokens: 8,
      usedTokens: 1,
    }));
    const { load, generate } = setUp({ answer });
    await load();
    await generate({ system: 'Be brief.', stopStrings: ['###'] });
    expect(answer.mock.calls[0]?.[1]).toEqual({
      template: 'raw',
      includeHistory: false,
      messages: [{ role: 'user', text: 'Hi' }],
      sampling: greedySampling,
      maxTokens: 5,
      system: 'Be brief.',
      stopStrings: ['###'],
    });
  });
});

/** An engine whose answer says "Hel" and then waits for the signal. */
const waitingAnswer: FakeEngine['answer'] = (_, __, { signal, onText }) =>
  new Promise(resolve => {
    onText?.('Hel', 1);
    signal?.addEventListener('abort', () =>
      resolve({
        text: 'Hel',
        stopReason: 'aborted',
        usage,
        droppedMessages: 0,
        contextTokens: 8,
        usedTokens: 2,
      }),
    );
  });

test('one operation at a time; others are told that it is busy', async () => {
  const { load, generate, api } = setUp({ answer: waitingAnswer });
  await load();
  const answering = generate();
  const operation = lastOperation;
  const busy = await generate();
  expect(busy.result).toEqual(failure('busy'));
  expect(busy.events).toEqual([{ kind: 'end' }]);
  expect((await load()).result).toEqual(failure('busy'));
  expect(await api.unloadModel()).toEqual(failure('busy'));
  expect((await api.deleteStoredModel('nano')).ok).toBe(true); // an answer does not read it
  await api.abort(operation + 100); // not this one
  await api.abort(operation);
  const { result, events } = await answering;
  expect(result).toMatchObject({ ok: true, value: { text: 'Hel', stopReason: 'aborted' } });
  expect(events).toContainEqual({ kind: 'text', text: 'Hel', tokens: 1 });
});

test('deletes a stored model, but not under a load', async () => {
  const { load, api, fetch } = setUp();
  const loading = load();
  expect(await api.deleteStoredModel('nano')).toEqual(failure('busy'));
  await loading;
  expect(await api.deleteStoredModel('nano')).toEqual({ ok: true, value: null });
  expect(await api.listStoredModels()).toEqual({ ok: true, value: [] });
  await load();
  expect(fetch).toHaveBeenCalledTimes(2);
});

describe('a lost device', () => {
  test('during an answer: the answer fails, the next load starts afresh', async () => {
    let isFirst = true;
    const { load, generate, devices, models } = setUp({
      async answer(model, request, events) {
        if (!isFirst) return waitingAnswer(model, request, events);
        isFirst = false;
        events.onText?.('Hel', 1);
        model.device.lose();
        throw deviceLost();
      },
    });
    await load();
    const { result, events } = await generate();
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'device-lost', advice: 'Load the model again.' },
    });
    expect(events).toContainEqual({ kind: 'text', text: 'Hel', tokens: 1 });
    expect(models[0]?.isDestroyed).toBe(true);
    expect(devices[0]?.isDestroyed).toBe(true);
    expect((await generate()).result).toEqual(failure('device-lost'));
    expect((await load()).result.ok).toBe(true);
    expect(devices).toHaveLength(2);
    expect(models[1]?.device).toBe(devices[1]);
  });

  test('between answers: the next answer says why there is no model', async () => {
    const { load, generate, devices, models, api } = setUp();
    await load();
    devices[0]?.lose();
    await vi.waitFor(() => expect(models[0]?.isDestroyed).toBe(true));
    expect(await api.loadedModel()).toEqual({ ok: true, value: null });
    expect((await generate()).result).toEqual(failure('device-lost'));
    expect((await load()).result.ok).toBe(true);
    expect((await generate()).result.ok).toBe(true);
  });

  test('during a load: the load fails and the next one gets a new device', async () => {
    let isFirst = true;
    const { load, devices } = setUp({
      loadModel: async device => {
        if (isFirst) {
          isFirst = false;
          device.lose();
          await device.lost;
        }
        return { device, info: { name: 'm' } as ModelInfo, isDestroyed: false, destroy: () => undefined };
      },
    });
    expect((await load()).result).toEqual(failure('device-lost'));
    expect((await load()).result.ok).toBe(true);
    expect(devices).toHaveLength(2);
  });

  test('a device that reported an error is not used again', async () => {
    const { load, generate, devices } = setUp({
      async answer(model) {
        model.device.failed = true;
        throw new BedsideError('gpu-error', 'The driver reported an error.', 'Load the model again.');
      },
    });
    await load();
    expect((await generate()).result).toEqual(failure('gpu-error'));
    expect(devices[0]?.isDestroyed).toBe(true);
    expect((await generate()).result).toEqual(failure('gpu-error'));
    expect((await load()).result.ok).toBe(true);
    expect(devices).toHaveLength(2);
  });
});
