import { expose } from 'comlink';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BedsideError, toErrorData } from '../engine/errors.ts';
import {
  type DeviceReport,
  type DeviceTestReport,
  greedySampling,
  type ModelInfo,
  type ModelPlan,
} from '../engine/types.ts';
import type { StoredFile } from '../worker/library/protocol.ts';
import type {
  GenerateOutcome,
  ImageReport,
  ModelSource,
  OperationEvent,
  Result,
  WorkerApi,
} from '../worker/protocol.ts';
import {
  createEngineClient,
  type EngineClient,
  type GenerateCall,
  type LoadModelCall,
} from './engine-client.ts';
import type { LibraryClient } from './library-client.ts';
import type { WorkerLike } from './worker-connection.ts';

const ok = <T>(value: T): Result<T> => ({ ok: true, value });
const info = { name: 'nano-chat' } as ModelInfo;
const outcome = { text: 'Hello', stopReason: 'end' } as GenerateOutcome;
const report = { id: 'a'.repeat(64) } as ImageReport;
const post = (port: MessagePort, event: OperationEvent) => port.postMessage(event);

const api: WorkerApi = {
  ping: async () => 0,
  probeDevice: async () => ok({ adapter: 'test' } as DeviceReport),
  async loadModel(_, port) {
    post(port, { kind: 'load', progress: { phase: 'upload', done: 1, total: 2, fromStore: true } });
    post(port, { kind: 'end' });
    return ok(info);
  },
  planModel: async ({ contextTokens = 0 }) => ok({ contextTokens } as ModelPlan),
  loadedModel: async () => ok(null),
  watchModel: async () => undefined,
  unloadModel: async () => ok(null),
  inspectImage: async () => ok(report),
  async generate(_, port) {
    post(port, { kind: 'vision', progress: { phase: 'decoding', image: 1, images: 2 } });
    post(port, { kind: 'prefill', done: 1, total: 1 });
    post(port, { kind: 'text', text: 'Hello', tokens: 2, ids: [7, 8] });
    post(port, { kind: 'end' });
    return ok(outcome);
  },
  async testDevice({ scope }, port) {
    post(port, { kind: 'test', progress: { done: 1, total: 2, next: 'rope', rows: [] } });
    post(port, { kind: 'end' });
    return ok({ scope } as DeviceTestReport);
  },
  abort: async () => undefined,
};

const never = () => new Promise<never>(() => undefined);

/** What stands for a Worker: a real port, with the other end exposed by comlink as the worker does. */
class FakeWorker {
  isTerminated = false;
  readonly #worker = new MessageChannel();

  constructor(changes: Partial<WorkerApi>) {
    expose({ ...api, ...changes }, this.#worker.port2);
  }

  get like(): WorkerLike {
    return Object.assign(this.#worker.port1, {
      terminate: () => {
        this.isTerminated = true;
        this.#worker.port1.close();
      },
    }) as unknown as WorkerLike;
  }

  dispatch(type: 'error' | 'messageerror', message?: string): void {
    this.#worker.port1.dispatchEvent(Object.assign(new Event(type), { message }));
  }
}

/** What the library holds, in memory. */
class FakeLibrary {
  readonly stored = new Map<string, StoredFile>();
  readonly fetched: string[] = [];

  listFiles = async () => [...this.stored.values()];

  download: LibraryClient['download'] = async (file, call) => {
    if (this.stored.get(file.id)?.complete) return;
    this.fetched.push(file.id);
    const { id, url, bytes = 10 } = file;
    call?.onProgress?.('download', 4, bytes);
    call?.onProgress?.('verify', 1, bytes);
    this.stored.set(id, { id, url, bytes, storedBytes: bytes, complete: true, savedAt: 0 });
  };

  readHead = async () => ({ bytes: 77, head: new Blob(['GGUF']) });

  deleteFile = async (id: string) => {
    this.stored.delete(id);
  };

  damage(id: string): void {
    this.stored.set(id, { ...this.stored.get(id)!, complete: false, storedBytes: 5 });
  }
}

let workers: FakeWorker[];
let client: EngineClient;
let library: FakeLibrary;

/** The nth worker behaves as the nth change says; those after the last as the plain one. */
function start(...changes: Partial<WorkerApi>[]): EngineClient {
  client = createEngineClient({
    library,
    spawn: () => {
      const worker = new FakeWorker(changes[workers.length] ?? {});
      workers.push(worker);
      return worker.like;
    },
    // 200 ms of silence: more than other work on the machine keeps a timer waiting.
    heartbeat: { intervalMs: 10, tolerance: 20, startTolerance: 20 },
  });
  return client;
}

beforeEach(() => {
  workers = [];
  library = new FakeLibrary();
});

afterEach(() => {
  client.dispose();
});

const loadCall: LoadModelCall = { source: { kind: 'file', file: {} as File }, precision: 'f32' };
const generateCall: GenerateCall = {
  template: 'raw',
  includeHistory: false,
  messages: [{ role: 'user', text: 'Hi' }],
  sampling: greedySampling,
  maxTokens: 5,
};

describe('calls', () => {
  test('start one worker, at the first of them', async () => {
    start();
    expect(workers).toHaveLength(0);
    expect(await client.probeDevice()).toEqual({ adapter: 'test' });
    const asked = { source: { kind: 'file', file: new File([], 'm.gguf') }, precision: 'f32' } as const;
    expect(await client.planModel({ ...asked, contextTokens: 8 })).toEqual({ contextTokens: 8 });
    expect(await client.loadedModel()).toBeNull();
    await client.unloadModel();
    expect(workers).toHaveLength(1);
  });

  test('report what happens before they settle', async () => {
    start();
    const onProgress = vi.fn();
    expect(await client.loadModel({ ...loadCall, onProgress })).toEqual(info);
    expect(onProgress.mock.calls).toEqual([[{ phase: 'upload', done: 1, total: 2, fromStore: true }]]);
    const onPrefill = vi.fn();
    const onText = vi.fn();
    const onVision = vi.fn();
    expect(await client.generate({ ...generateCall, onVision, onPrefill, onText })).toEqual(outcome);
    expect(onVision.mock.calls).toEqual([[{ phase: 'decoding', image: 1, images: 2 }]]);
    expect(onPrefill.mock.calls).toEqual([[1, 1]]);
    expect(onText.mock.calls).toEqual([['Hello', 2, [7, 8]]]);
    const onTest = vi.fn();
    const test = { scope: 'all', memoryBytes: 5, onProgress: onTest } as const;
    expect(await client.testDevice(test)).toEqual({ scope: 'all' });
    expect(onTest.mock.calls).toEqual([[{ done: 1, total: 2, next: 'rope', rows: [] }]]);
  });

  test('hand over images and both halves of a model, and bring back what was found', async () => {
    const seen: unknown[] = [];
    start({
      async inspectImage(file) {
        seen.push(await file.text());
        return ok(report);
      },
      async loadModel({ source, vision }, port) {
        seen.push(source, vision);
        post(port, { kind: 'end' });
        return ok(info);
      },
      async generate({ images = [], tiling, compressImages, messages }, port) {
        const [image] = images;
        seen.push(await image?.blob.text(), image?.id, image?.width, image?.height);
        seen.push(tiling, compressImages, messages[0]?.images);
        post(port, { kind: 'end' });
        return ok(outcome);
      },
    });
    const tiling = { mode: 'dynamic', preset: 'demo' } as const;
    expect(await client.inspectImage(new Blob(['pixels']))).toEqual(report);
    const half = (id: string): ModelSource => ({
      kind: 'url',
      id,
      url: '',
      bytes: 1,
      chunkBytes: 1,
      chunkSha256: [],
    });
    await client.loadModel({ source: half('text'), vision: half('vision'), precision: 'f32' });
    await client.generate({
      ...generateCall,
      messages: [{ role: 'user', text: 'Hi', images: [report.id] }],
      images: [{ id: report.id, blob: new Blob(['pixels']), width: 640, height: 480 }],
      tiling,
      compressImages: true,
    });
    expect(seen).toEqual([
      'pixels',
      ...[half('text'), half('vision')],
      ...['pixels', report.id, 640, 480],
      ...[tiling, true, [report.id]],
    ]);
  });

  test('tell what is wrong with an image', async () => {
    const error = toErrorData(new BedsideError('damaged-image', 'It ends early.', 'Export it again.'));
    start({ inspectImage: async () => ({ ok: false, error }) });
    const inspecting = client.inspectImage(new Blob());
    await expect(inspecting).rejects.toMatchObject({ code: 'damaged-image', message: 'It ends early.' });
  });

  test('wait for events that arrive after the result', async () => {
    start({
      async generate(_, port) {
        setTimeout(() => {
          post(port, { kind: 'text', text: 'late', tokens: 1, ids: [7] });
          post(port, { kind: 'end' });
        }, 30);
        return ok(outcome);
      },
    });
    const onText = vi.fn();
    await client.generate({ ...generateCall, onText });
    expect(onText.mock.calls).toEqual([['late', 1, [7]]]);
  });

  test('throw the error that came as data, whole', async () => {
    const error = new BedsideError(
      'storage-full',
      'There is no room.',
      'Delete a model.',
      new Error('quota'),
    );
    start({
      async loadModel(_, port) {
        post(port, { kind: 'end' });
        return { ok: false, error: toErrorData(error) };
      },
    });
    const thrown = await client.loadModel(loadCall).catch((caught: unknown) => caught);
    expect(thrown).toBeInstanceOf(BedsideError);
    expect(toErrorData(thrown)).toEqual(toErrorData(error));
    expect(workers[0]?.isTerminated).toBe(false);
  });
});

describe('a model from elsewhere', () => {
  const remote = (id: string) => ({ kind: 'url', id, url: `https://models.test/${id}`, bytes: 10 }) as const;
  const call = { source: remote('text'), vision: remote('image'), precision: 'f32' } as const;

  test('is fetched by the library first, then loaded; the second time nothing is fetched', async () => {
    start();
    const onProgress = vi.fn();
    expect(await client.loadModel({ ...call, onProgress })).toEqual(info);
    expect(onProgress.mock.calls.map(([{ phase, done, total }]) => `${phase} ${done}/${total}`)).toEqual([
      'download 4/20',
      'verify 1/10',
      'download 14/20',
      'verify 1/10',
      'upload 1/2',
    ]);
    await client.loadModel(call);
    expect(library.fetched).toEqual(['text', 'image']);
    expect(await client.listStoredModels()).toEqual([
      { id: 'text', bytes: 10 },
      { id: 'image', bytes: 10 },
    ]);
  });

  test('in parts is fetched part by part, and planned by the beginnings of those that are not there', async () => {
    const planModel = vi.fn(api.planModel);
    start({ planModel });
    const source = { kind: 'split', parts: [remote('part-1'), remote('part-2')] } as const;
    await library.download(source.parts[0]);
    await client.planModel({ source, precision: 'f32' });
    expect(planModel.mock.lastCall?.[0].source).toEqual({
      kind: 'split',
      parts: [source.parts[0], { kind: 'head', bytes: 77, head: expect.anything() }],
    });
    expect(await client.loadModel({ source, precision: 'f32' })).toEqual(info);
    expect(library.fetched).toEqual(['part-1', 'part-2']);
  });

  test('whose stored copy proves damaged is repaired once, and loaded', async () => {
    const load = vi.fn(api.loadModel);
    const damaged = toErrorData(new BedsideError('wrong-hash', 'Damaged.', 'Again.'));
    load.mockImplementationOnce(async (_, port) => {
      library.damage('image');
      post(port, { kind: 'end' });
      return { ok: false, error: damaged };
    });
    start({ loadModel: load });
    expect(await client.loadModel(call)).toEqual(info);
    expect(library.fetched).toEqual(['text', 'image', 'image']);
    load.mockImplementation(async (_, port) => {
      library.damage('image');
      post(port, { kind: 'end' });
      return { ok: false, error: damaged };
    });
    await expect(client.loadModel(call)).rejects.toMatchObject({ code: 'wrong-hash' });
    expect(load).toHaveBeenCalledTimes(4);
  });

  test('too large for a processor is refused before it is fetched', async () => {
    start({ probeDevice: async () => ok({ adapter: 'cpu', isSoftware: true } as DeviceReport) });
    const large = { ...call.source, bytes: 2 ** 30 };
    const loading = client.loadModel({ source: large, precision: 'f32' });
    await expect(loading).rejects.toMatchObject({ code: 'software-adapter' });
    expect(library.fetched).toEqual([]);
  });

  test('is planned by its beginning until it is there', async () => {
    const planModel = vi.fn(api.planModel);
    start({ planModel });
    await library.download(call.source);
    await client.planModel({ ...call, contextTokens: 8 });
    expect(planModel).toHaveBeenCalledExactlyOnceWith({
      contextTokens: 8,
      precision: 'f32',
      source: call.source,
      vision: { kind: 'head', bytes: 77, head: expect.anything() },
    });
  });

  test('is not deleted while it is being loaded', async () => {
    const notYet = () => undefined as unknown;
    let finish = notYet;
    start({
      loadModel: (request, port) =>
        new Promise(resolve => {
          finish = () => resolve(api.loadModel(request, port));
        }),
    });
    await library.download(call.source);
    const loading = client.loadModel({ source: call.source, precision: 'f32' });
    await expect(client.deleteStoredModel('text')).rejects.toMatchObject({ code: 'busy' });
    await vi.waitFor(() => expect(finish).not.toBe(notYet));
    finish();
    expect(await loading).toEqual(info);
    await client.deleteStoredModel('text');
    expect(await client.listStoredModels()).toEqual([]);
  });
});

describe('a signal', () => {
  /** Answers when it is aborted, after a moment. */
  function abortable(): Partial<WorkerApi> {
    const stops = new Map<number, () => void>();
    return {
      async generate({ operation }, port) {
        post(port, { kind: 'text', text: 'Hel', tokens: 1, ids: [7] });
        await new Promise<void>(resolve => stops.set(operation, resolve));
        await new Promise(resolve => setTimeout(resolve, 20));
        stops.delete(operation);
        post(port, { kind: 'end' });
        return ok({ ...outcome, text: 'Hel', stopReason: 'aborted' });
      },
      async abort(operation) {
        stops.get(operation)?.();
      },
      async loadModel(_, port) {
        post(port, { kind: 'end' });
        if (stops.size === 0) return ok(info);
        return { ok: false, error: { code: 'busy', message: '', advice: '' } };
      },
    };
  }

  test('stops an answer, which comes back with what there is', async () => {
    start(abortable());
    const abort = new AbortController();
    const answering = client.generate({ ...generateCall, signal: abort.signal, onText: () => abort.abort() });
    expect(await answering).toMatchObject({ text: 'Hel', stopReason: 'aborted' });
  });

  test('aborted beforehand starts nothing', async () => {
    start();
    const signal = AbortSignal.abort();
    await expect(client.generate({ ...generateCall, signal })).rejects.toMatchObject({ code: 'aborted' });
    await expect(client.loadModel({ ...loadCall, signal })).rejects.toMatchObject({ code: 'aborted' });
    expect(workers).toHaveLength(0);
  });

  test('lets the next operation begin when the one that it stopped has ended', async () => {
    start(abortable());
    const abort = new AbortController();
    let loading: Promise<ModelInfo> | undefined;
    const answering = client.generate({
      ...generateCall,
      signal: abort.signal,
      onText: () => {
        abort.abort();
        loading = client.loadModel(loadCall);
      },
    });
    await answering;
    expect(await loading).toEqual(info);
  });
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
  start({
    ping: async () => ++pings,
    probeDevice: () => new Promise(resolve => setTimeout(() => resolve(ok({} as DeviceReport)), 300)),
  });
  await client.probeDevice();
  expect(pings).toBeGreaterThan(1);
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
        post(port, { kind: 'prefill', done: i, total: 15 });
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
  ports[1]?.postMessage(toErrorData(new BedsideError('device-lost', 'Lost.', 'Again.')));
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
