/** A worker in this process: real storage, a network and an engine that tests script. */
import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { BedsideError } from '../../src/engine/errors.ts';
import { sentence } from '../../src/engine/sentence.ts';
import type { DeviceReport } from '../../src/engine/types/device.ts';
import type { DeviceTestReport } from '../../src/engine/types/device-test.ts';
import type { LoadProgress } from '../../src/engine/types/load-progress.ts';
import type { ModelPlan } from '../../src/engine/types/memory.ts';
import type { ModelInfo } from '../../src/engine/types/model.ts';
import { greedySampling } from '../../src/engine/types/sampling.ts';
import type { DecodedFile } from '../../src/imaging/decode.ts';
import { createWeightStore } from '../../src/storage/create-weight-store.ts';
import { mebibyte } from '../../src/storage/weight-manifest.ts';
import type { WeightStore } from '../../src/storage/weight-store.ts';
import { createEngineApi } from '../../src/worker/engine/engine-api.ts';
import type {
  GenerateOutcome,
  GenerateRequest,
  LoadModelRequest,
  TestDeviceRequest,
} from '../../src/worker/engine/engine-messages.ts';
import type {
  AnswerReports,
  EngineApi,
  LoadReports,
  TestReports,
} from '../../src/worker/engine/engine-verbs.ts';
import type { DeviceHandle, Engine, ModelHandle } from '../../src/worker/engine/model-host.ts';
import type { UrlSource } from '../../src/worker/engine/model-source.ts';
import { OpenImages } from '../../src/worker/engine/open-images.ts';
import type { Result } from '../../src/worker/verbs/result.ts';
import type { OperationEvent, ReportKinds } from '../../src/worker/verbs/verb.ts';
import { writeGguf } from './gguf-writer.ts';

export const file = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7) & 255);
export const source = {
  kind: 'url',
  id: 'nano',
  url: 'https://bedside.test/nano.gguf',
  bytes: file.length,
  chunkBytes: 8 * mebibyte,
  chunkSha256: [createHash('sha256').update(file).digest('hex')],
} satisfies UrlSource;
export const report: DeviceReport = {
  kind: 'gpu',
  adapter: 'test',
  isSoftware: false,
  shaderF16: false,
  subgroups: false,
  maxBufferBytes: 1,
  maxBindingBytes: 1,
};
export const usage = {
  promptTokens: 1,
  cachedTokens: 0,
  generatedTokens: 1,
  prefillMs: 1,
  timeToFirstTokenMs: 1,
  decodeMs: 1,
  tokensPerSecond: 0,
};
export const deviceLost = () =>
  new BedsideError('device-lost', sentence`lost: The GPU was lost.`, 'Load the model again.');

export class FakeDevice implements DeviceHandle {
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

export interface FakeModel extends ModelHandle {
  device: FakeDevice;
  isDestroyed: boolean;
}

export type FakeEngine = Engine<FakeDevice, FakeModel>;

/** Calls every file a PNG of 640 x 480. */
export const decodeImage = async (file: Blob): Promise<DecodedFile> => ({
  image: { width: 640, height: 480, data: new Uint8Array() },
  format: 'png',
  isAnimated: false,
  bytes: new Uint8Array(await file.arrayBuffer()),
});

/** A worker whose engine reads the file, calls it a model and answers "Hello". */
export function setUp(changes: Partial<FakeEngine> = {}, { isSoftware = false } = {}) {
  const devices: FakeDevice[] = [];
  const models: FakeModel[] = [];
  const log: string[] = [];
  const engine: FakeEngine = {
    describeDevice: async () => report,
    measureAgain: async () => false,
    async acquireDevice() {
      const device = new FakeDevice(isSoftware);
      devices.push(device);
      return device;
    },
    async loadModel(device, bytes, { onProgress, precision, contextTokens }) {
      onProgress?.({ phase: 'header', done: 0, total: 0 });
      const head = await bytes.read(0, 4);
      if (head[0] === 0xff)
        throw new BedsideError('not-gguf', sentence`not-gguf: This is not a GGUF file.`, 'Choose another.');
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
    async planModel(_, bytes, { precision, contextTokens = 4096 }) {
      const head = await bytes.read(0, 4);
      if (head[0] === 0xff)
        throw new BedsideError('not-gguf', sentence`not-gguf: This is not a GGUF file.`, 'Choose another.');
      return { precision, contextTokens, memory: { weights: bytes.bytes } } as ModelPlan;
    },
    async testDevice(device, _, { scope }, { onProgress }) {
      onProgress?.({ done: 1, total: 1, next: '', rows: [] });
      return { device: device.report, scope, rows: [], clock: 'submit-to-done', memory: null };
    },
    measureQuestion: (_, { text }) => ({ tokens: text.length, isExact: true, contextTokens: 8 }),
    showPrompt: (_, { messages }) => {
      const text = messages.map(message => message.text).join('\n');
      const parts = [{ text, special: false }];
      return {
        text,
        parts,
        ids: [...text].map((_, id) => id),
        contextTokens: 8,
        droppedMessages: 0,
        mendings: [],
      };
    },
    async answer(_, __, { onPrefill, onText }) {
      onPrefill?.(1, 1);
      onText?.('Hel', 1, [7]);
      onText?.('lo', 2, [8]);
      return {
        text: 'Hello',
        stopReason: 'end',
        usage,
        ids: [7, 8],
        prompt: { parts: [], ids: [] },
        droppedMessages: 0,
        contextTokens: 8,
        usedTokens: 3,
      };
    },
    sample: async (_, { seeds }, { onText }) => {
      for (const sample of seeds.keys()) onText?.(sample, 'Hello', 2);
      return {
        samples: seeds.map(seed => ({ seed, text: 'Hello', ids: [7, 8], stopReason: 'end' as const })),
        usage,
        prompt: { parts: [], ids: [] },
        droppedMessages: 0,
        contextTokens: 8,
      };
    },
    scoreTokens: async (_, { ids }, { onScored }) => {
      onScored?.(ids.length, ids.length);
      return { tokens: ids.map(id => ({ id, text: 'x', logProbability: -1, rank: 1, others: [] })) };
    },
    scoreLetters: async (_, { letters }) => ({
      letters: letters.map(letter => ({ letter, logProbability: -1 })),
    }),
    ...changes,
  };
  const weights = createWeightStore();
  const api = createEngineApi({ engine, weights, images: new OpenImages(decodeImage) });
  return { api, devices, models, log, weights, ...callers(api, weights) };
}

export function gguf(architecture: string): Uint8Array<ArrayBuffer> {
  return writeGguf({ metadata: [['general.architecture', 'string', architecture]] });
}

let lastOperation = 0;

/** The number of the operation that was begun last. */
export const newestOperation = () => lastOperation;

/** Calls with a port, as the page does; resolves with the result and all events. */
export function callers(api: EngineApi, weights: WeightStore) {
  async function withEvents<Reports extends ReportKinds, T>(
    call: (port: MessagePort, operation: number) => Promise<Result<T>>,
  ) {
    const { port1, port2 } = new MessageChannel();
    const events: OperationEvent<Reports>[] = [];
    const ended = new Promise<void>(resolve => {
      port1.onmessage = ({ data }) => {
        events.push(data);
        if (data.kind === 'end') resolve();
      };
    });
    const result = await call(port2, ++lastOperation);
    await ended;
    port1.close();
    return { result, events };
  }
  return {
    /** Of the file, which the library has put into the store. */
    load: async (changes: Partial<LoadModelRequest> = {}) => {
      const { url, bytes, chunkBytes, chunkSha256 } = source;
      const layout = { url, bytes, chunkBytes, expectedSha256: chunkSha256 };
      await weights.saveFile(source.id, new Blob([file]).stream(), layout);
      const request: LoadModelRequest = { source, precision: 'f32', ...changes };
      return withEvents<LoadReports, ModelInfo>((port, operation) => api.loadModel(request, port, operation));
    },
    testDevice: (changes: Partial<TestDeviceRequest> = {}) => {
      const request = { scope: 'all', memoryBytes: 0, ...changes } as const;
      return withEvents<TestReports, DeviceTestReport>((port, operation) =>
        api.testDevice(request, port, operation),
      );
    },
    generate: (changes: Partial<GenerateRequest> = {}) => {
      const request: GenerateRequest = {
        template: 'raw',
        includeHistory: false,
        messages: [{ role: 'user', text: 'Hi' }],
        sampling: greedySampling,
        maxTokens: 5,
        ...changes,
      };
      return withEvents<AnswerReports, GenerateOutcome>((port, operation) =>
        api.generate(request, port, operation),
      );
    },
    /** Any operation of the worker. */
    operate: <Request, T>(
      verb: (request: Request, port: MessagePort, operation: number) => Promise<Result<T>>,
      request: Request,
    ) => withEvents<ReportKinds, T>((port, operation) => verb(request, port, operation)),
  };
}

export const progressOf = (events: OperationEvent<LoadReports>[]): LoadProgress[] =>
  events.filter(event => event.kind === 'progress').map(({ args: [progress] }) => progress);

export const failure = (code: string) => ({ ok: false, error: expect.objectContaining({ code }) });
