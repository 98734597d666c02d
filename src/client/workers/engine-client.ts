/** The page's only door to the engine: values come back, or a BedsideError is thrown. */
import { transfer } from 'comlink';
import { BedsideError, type ErrorData, fromErrorData } from '../../engine/errors.ts';
import type { QuestionText } from '../../engine/generation/answer-request.ts';
import type { QuestionMeasure } from '../../engine/types/answer.ts';
import type { DeviceReport } from '../../engine/types/device.ts';
import type { DeviceTestReport } from '../../engine/types/device-test.ts';
import type { LoadProgress } from '../../engine/types/load-progress.ts';
import type { ModelPlan } from '../../engine/types/memory.ts';
import type { ModelInfo } from '../../engine/types/model.ts';
import { checkAdapter } from '../../worker/engine/check-adapter.ts';
import type {
  DeviceTestProgress,
  GenerateOutcome,
  GenerateRequest,
  InspectedImage,
  LoadModelRequest,
  OperationEvent,
  PlanModelRequest,
  TestDeviceRequest,
  VisionProgress,
  WorkerApi,
} from '../../worker/engine/engine-messages.ts';
import type {
  DescribedSource,
  FileSource,
  HeadSource,
  ModelSource,
  UrlSource,
} from '../../worker/engine/model-source.ts';
import type { LibraryClient } from './library-client.ts';
import { spawnEngineWorker } from './spawn-worker.ts';
import { createWorkerCaller } from './worker-caller.ts';
import type { Heartbeat, WorkerLike } from './worker-connection.ts';

export interface LoadModelCall extends Omit<LoadModelRequest, 'operation'> {
  signal?: AbortSignal;
  onProgress?: (progress: LoadProgress) => void;
}

export interface GenerateCall extends Omit<GenerateRequest, 'operation'> {
  signal?: AbortSignal;
  /** Each image in turn, before the prompt is read. */
  onVision?: (progress: VisionProgress) => void;
  onPrefill?: (done: number, total: number) => void;
  /** `text` and its `ids` are what is new; `tokens` counts those of the whole answer so far. */
  onText?: (text: string, tokens: number, ids: readonly number[]) => void;
}

export interface TestDeviceCall extends Omit<TestDeviceRequest, 'operation'> {
  signal?: AbortSignal;
  onProgress?: (progress: DeviceTestProgress) => void;
}

/**
 * Every method may reject with 'worker-died': the model is gone then, and the next call starts a fresh worker.
 * No callback is called after its call has settled.
 */
export interface EngineClient {
  probeDevice(): Promise<DeviceReport>;
  /** Rejects with 'aborted' when the signal says so. */
  loadModel(call: LoadModelCall): Promise<ModelInfo>;
  /** What loading a model would take of the device's memory; reads no more than the headers of its files. */
  planModel(request: PlanModelRequest): Promise<ModelPlan>;
  /** Downloads a model of this site for later, beside whatever else goes on. */
  storeModel(source: UrlSource): Promise<void>;
  /** The model that can answer now. A load that failed on the file's header leaves the one before in place. */
  loadedModel(): Promise<ModelInfo | null>;
  /** Calls `hear` when the GPU or the worker is lost and a model with it, also while nothing is asked of either. */
  onModelLost(hear: (error: BedsideError) => void): void;
  unloadModel(): Promise<void>;
  /** Decodes an image whole, with or without a model; rejects with what is wrong with it. */
  inspectImage(file: Blob): Promise<InspectedImage>;
  /** How long a question is for the loaded model; null without one. */
  measureQuestion(question: QuestionText): Promise<QuestionMeasure | null>;
  /** A signal resolves it with stopReason 'aborted' and the text so far; one aborted beforehand rejects. */
  generate(call: GenerateCall): Promise<GenerateOutcome>;
  /** Compares the kernels with their scalar twins; the loaded model stays. Rejects with 'busy' while an answer is written. */
  testDevice(call: TestDeviceCall): Promise<DeviceTestReport>;
  deleteStoredModel(id: string): Promise<void>;
  /** Ends the worker; pending calls and later ones reject with 'aborted'. */
  dispose(): void;
}

export interface EngineClientOptions {
  library: Pick<LibraryClient, 'listFiles' | 'download' | 'readHead' | 'deleteFile'>;
  spawn?: () => WorkerLike;
  heartbeat?: Heartbeat;
}

/** The worker runs models; what is not on this device yet, the library fetches first. */
export function createEngineClient({
  library,
  spawn = spawnEngineWorker,
  heartbeat,
}: EngineClientOptions): EngineClient {
  let tellLost: (error: BedsideError) => void = () => undefined;
  const caller = createWorkerCaller<WorkerApi, OperationEvent>(spawn, workerDied, heartbeat, {
    onStart(connection) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }: MessageEvent<ErrorData>) => tellLost(fromErrorData(data));
      // A worker that dies before it answers tells so by its death.
      connection.call(api => api.watchModel(transfer(port2, [port2]))).catch(() => undefined);
    },
    onDeath: error => tellLost(error),
  });
  const { ask, operate } = caller;
  let loads = 0;

  async function missingOf(sources: readonly ModelSource[]): Promise<UrlSource[]> {
    const remote = sources.flatMap(filesOf).filter(file => file.kind === 'url');
    if (remote.length === 0) return [];
    const stored = await library.listFiles();
    return remote.filter(({ id }) => !stored.some(file => file.id === id && file.complete));
  }

  /** Puts everything into the store; refused before a byte is fetched where the device could not run it. */
  async function fetchMissing(sources: readonly ModelSource[], call: LoadModelCall): Promise<void> {
    const missing = await missingOf(sources);
    if (missing.length > 0) {
      const known = sources.flatMap(filesOf).reduce((sum, file) => sum + (bytesOf(file) ?? 0), 0);
      checkAdapter(await ask(api => api.probeDevice()), known);
    }
    const total = missing.reduce((sum, source) => sum + (source.bytes ?? 0), 0);
    let before = 0;
    // Those that are there too: a release may bring another version of a file under the same id.
    for (const source of sources.flatMap(filesOf)) {
      if (source.kind !== 'url') continue;
      await library.download(source, {
        ...(call.signal ? { signal: call.signal } : {}),
        onProgress: (phase, done, bytes) =>
          call.onProgress?.(
            phase === 'verify'
              ? { phase: 'verify', done, total: bytes, fromStore: true }
              : { phase: 'download', done: before + done, total: total || bytes, fromStore: false },
          ),
      });
      if (missing.includes(source)) before += source.bytes ?? 0;
    }
  }

  async function load(call: LoadModelCall): Promise<ModelInfo> {
    const { signal, onProgress, ...request } = call;
    await fetchMissing(request.vision ? [request.source, request.vision] : [request.source], call);
    return operate(
      signal,
      event => event.kind === 'load' && onProgress?.(event.progress),
      (api, operation, port) => api.loadModel({ ...request, operation }, port),
    );
  }

  /** What is not on this device is known by its beginning. */
  async function describable(source: ModelSource): Promise<DescribedSource> {
    if (source.kind !== 'split') return describableFile(source);
    return { kind: 'split', parts: await Promise.all(source.parts.map(describableFile)) };
  }

  async function describableFile(source: FileSource): Promise<FileSource | HeadSource> {
    if (source.kind === 'file' || (await missingOf([source])).length === 0) return source;
    return { kind: 'head', ...(await library.readHead(source)) };
  }

  return {
    probeDevice: () => ask(api => api.probeDevice()),

    async loadModel(call) {
      loads++;
      try {
        return await load(call);
      } catch (thrown) {
        // A stored copy that proved damaged no longer counts: what is missing of it is fetched, and only that.
        const isDamaged = thrown instanceof BedsideError && thrown.code === 'wrong-hash';
        const sources = call.vision ? [call.source, call.vision] : [call.source];
        if (!isDamaged || (await missingOf(sources)).length === 0) throw thrown;
        return await load(call);
      } finally {
        loads--;
      }
    },

    async planModel({ source, vision, ...request }) {
      const heads = {
        ...request,
        source: await describable(source),
        ...(vision ? { vision: await describable(vision) } : {}),
      };
      return ask(api => api.planModel(heads));
    },

    storeModel: source => library.download(source),

    loadedModel: () => ask(api => api.loadedModel()),

    onModelLost(hear) {
      tellLost = hear;
    },

    async unloadModel() {
      await caller.stopped();
      await ask(api => api.unloadModel());
    },

    inspectImage: file => ask(api => api.inspectImage(file)),

    measureQuestion: question => ask(api => api.measureQuestion(question)),

    generate: ({ signal, onVision, onPrefill, onText, ...request }) =>
      operate(
        signal,
        event => {
          if (event.kind === 'vision') onVision?.(event.progress);
          if (event.kind === 'prefill') onPrefill?.(event.done, event.total);
          if (event.kind === 'text') onText?.(event.text, event.tokens, event.ids);
        },
        (api, operation, port) => api.generate({ ...request, operation }, port),
      ),

    testDevice: ({ signal, onProgress, ...request }) =>
      operate(
        signal,
        event => event.kind === 'test' && onProgress?.(event.progress),
        (api, operation, port) => api.testDevice({ ...request, operation }, port),
      ),

    async deleteStoredModel(id) {
      await caller.stopped();
      // A load may be reading this very model; an answer needs only what is on the GPU.
      if (loads > 0) throw loading();
      await library.deleteFile(id);
    },

    dispose: caller.dispose,
  };
}

const filesOf = (source: ModelSource): readonly FileSource[] =>
  source.kind === 'split' ? source.parts : [source];

const bytesOf = (file: FileSource): number | undefined =>
  file.kind === 'file' ? file.file.size : file.bytes;

function loading(): BedsideError {
  return new BedsideError('busy', 'A model is being loaded.', 'Wait until it is ready, or cancel loading.');
}

function workerDied(cause: string): BedsideError {
  return new BedsideError(
    'worker-died',
    'The process that runs the model ended unexpectedly.',
    'Load the model again. If it happens again, close other programs or choose a smaller model.',
    cause,
  );
}
