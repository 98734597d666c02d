/** What the engine's client talks to, in this process: a worker that tests script, and a library in memory. */
import { expose } from 'comlink';
import {
  createEngineClient,
  type EngineClient,
  type EngineClientOptions,
} from '../../src/client/workers/engine-client.ts';
import type { LibraryClient } from '../../src/client/workers/library-client.ts';
import type { WorkerLike } from '../../src/client/workers/worker-connection.ts';
import type { DeviceReport } from '../../src/engine/types/device.ts';
import type { DeviceTestReport } from '../../src/engine/types/device-test.ts';
import type { ModelPlan } from '../../src/engine/types/memory.ts';
import type { ModelInfo } from '../../src/engine/types/model.ts';
import { greedySampling } from '../../src/engine/types/sampling.ts';
import type {
  GenerateOutcome,
  GenerateRequest,
  ImageReport,
  LoadModelRequest,
} from '../../src/worker/engine/engine-messages.ts';
import { type EngineApi, type EngineVerbs, engineVerbs } from '../../src/worker/engine/engine-verbs.ts';
import type { StoredFile } from '../../src/worker/library/library-messages.ts';
import type { Result } from '../../src/worker/verbs/result.ts';
import type { EventsOf } from '../../src/worker/verbs/verb.ts';

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const info = { name: 'nano-chat' } as ModelInfo;
export const outcome = { text: 'Hello', stopReason: 'end' } as GenerateOutcome;
export const report = { id: 'a'.repeat(64) } as ImageReport;
export const post = (port: MessagePort, event: EventsOf<EngineVerbs>) => port.postMessage(event);

/** What no test asks for resolves with nothing. */
const unscripted = Object.fromEntries(
  Object.keys(engineVerbs).map(name => [name, async () => ok(undefined)]),
) as unknown as EngineApi;

/** Does at once whatever it is asked. */
export const api: EngineApi = {
  ...unscripted,
  ping: async () => 0,
  probeDevice: async () => ok({ adapter: 'test' } as DeviceReport),
  async loadModel(_, port) {
    post(port, { kind: 'progress', args: [{ phase: 'upload', done: 1, total: 2, fromStore: true }] });
    post(port, { kind: 'end' });
    return ok(info);
  },
  planModel: async ({ contextTokens = 0 }) => ok({ contextTokens } as ModelPlan),
  loadedModel: async () => ok(null),
  watchModel: async () => undefined,
  lendHelpers: async () => undefined,
  unloadModel: async () => ok(undefined),
  measureQuestion: async () => ok({ tokens: 1, isExact: true, contextTokens: 8 }),
  inspectImage: async file => ok({ report, blob: file }),
  async generate(_, port) {
    post(port, { kind: 'vision', args: [{ phase: 'decoding', image: 1, images: 2 }] });
    post(port, { kind: 'prefill', args: [1, 1] });
    post(port, { kind: 'text', args: ['Hello', 2, [7, 8]] });
    post(port, { kind: 'end' });
    return ok(outcome);
  },
  async testDevice({ scope }, port) {
    post(port, { kind: 'progress', args: [{ done: 1, total: 2, next: 'rope', rows: [] }] });
    post(port, { kind: 'end' });
    return ok({ scope } as DeviceTestReport);
  },
  abort: async () => undefined,
};

/** What stands for a Worker: a real port, with the other end exposed by comlink as the worker does. */
export class FakeWorker {
  isTerminated = false;
  readonly #worker = new MessageChannel();

  constructor(changes: Partial<EngineApi>) {
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
export class FakeLibrary {
  readonly stored = new Map<string, StoredFile>();
  readonly fetched: string[] = [];

  listFiles = async () => [...this.stored.values()];

  download: LibraryClient['download'] = async (file, call) => {
    if (this.stored.get(file.id)?.complete) return;
    this.fetched.push(file.id);
    const { id, url, bytes = 10 } = file;
    call?.onProgress?.('download', 4, bytes);
    call?.onProgress?.('verify', 1, bytes);
    this.stored.set(id, { id, url, bytes, storedBytes: bytes, keptBytes: 0, complete: true, savedAt: 0 });
  };

  readHead = async () => ({ bytes: 77, head: new Blob(['GGUF']) });

  deleteFile = async (id: string) => {
    this.stored.delete(id);
  };

  damage(id: string): void {
    this.stored.set(id, { ...this.stored.get(id)!, complete: false, storedBytes: 5 });
  }
}

export const loadCall: LoadModelRequest = { source: { kind: 'file', file: {} as File }, precision: 'f32' };
export const generateCall: GenerateRequest = {
  template: 'raw',
  includeHistory: false,
  messages: [{ role: 'user', text: 'Hi' }],
  sampling: greedySampling,
  maxTokens: 5,
};

export interface Scripted {
  client: EngineClient;
  /** In the order in which the client started them. */
  workers: FakeWorker[];
  library: FakeLibrary;
}

/** The nth worker behaves as the nth change says; those after the last as the plain one. */
export function startClient(...changes: Partial<EngineApi>[]): Scripted {
  return startClientWith({}, ...changes);
}

export function startClientWith(
  options: Pick<EngineClientOptions, 'spawnHelper'>,
  ...changes: Partial<EngineApi>[]
): Scripted {
  const workers: FakeWorker[] = [];
  const library = new FakeLibrary();
  const client = createEngineClient({
    ...options,
    library,
    spawn: () => {
      const worker = new FakeWorker(changes[workers.length] ?? {});
      workers.push(worker);
      return worker.like;
    },
    // 200 ms of silence: more than other work on the machine keeps a timer waiting.
    heartbeat: { intervalMs: 10, tolerance: 20, startTolerance: 20 },
  });
  return { client, workers, library };
}
