/** The page's only door to the engine: values come back, or a BedsideError is thrown. */
import { transfer } from 'comlink';
import { BedsideError, type ErrorData, fromErrorData } from '../../engine/errors.ts';
import { mayBeSlower } from '../../engine/loading/estimate-pace.ts';
import { requirePace } from '../../engine/loading/require-pace.ts';
import { sentence } from '../../engine/sentence.ts';
import type { DeviceWish } from '../../engine/types/device-choice.ts';
import type { ModelPlan } from '../../engine/types/memory.ts';
import type { ModelInfo } from '../../engine/types/model.ts';
import { checkAdapter } from '../../worker/engine/check-adapter.ts';
import type {
  DescribedModel,
  DescribeModelRequest,
  LoadModelRequest,
  PlanModelRequest,
} from '../../worker/engine/engine-messages.ts';
import {
  busyLoading,
  type EngineApi,
  type EngineVerbs,
  engineVerbs,
} from '../../worker/engine/engine-verbs.ts';
import type {
  DescribedSource,
  FileSource,
  HeadSource,
  ModelSource,
  UrlSource,
} from '../../worker/engine/model-source.ts';
import { busyError } from '../../worker/verbs/busy.ts';
import { lendHelpers } from './lend-helpers.ts';
import type { LibraryClient } from './library-client.ts';
import { spawnEngineWorker, spawnProcessorHelper } from './spawn-worker.ts';
import { callsOf, type OptionsOf, type VerbCalls } from './verb-calls.ts';
import { createWorkerCaller } from './worker-caller.ts';
import type { Heartbeat, WorkerLike } from './worker-connection.ts';

/**
 * Every method may reject with 'worker-died': the model is gone then, and the next call starts a fresh worker.
 * No callback is called after its call has settled.
 */
export interface EngineClient extends Omit<VerbCalls<EngineVerbs>, 'planModel' | 'describeModel'> {
  /** What loading a model would take of the device's memory; reads no more than the headers of its files. */
  planModel(request: PlanModelRequest): Promise<ModelPlan>;
  /** What the files of a model say and whether they run here; of one that is not stored only its beginning is fetched. */
  describeModel(request: DescribeModelRequest): Promise<DescribedModel>;
  /** Downloads a file of a model of this site for later, beside whatever else goes on. */
  storeModel(source: UrlSource): Promise<void>;
  /** Calls `hear` when the GPU or the worker is lost and a model with it, also while nothing is asked of either. */
  onModelLost(hear: (error: BedsideError) => void): void;
  deleteStoredModel(id: string): Promise<void>;
  /** Ends the worker; pending calls and later ones reject with 'aborted'. */
  dispose(): void;
}

type LoadOptions = OptionsOf<EngineVerbs['loadModel']>;

export interface EngineClientOptions {
  library: Pick<LibraryClient, 'listFiles' | 'download' | 'readHead' | 'deleteFile'>;
  spawn?: () => WorkerLike;
  /** Starts a thread of the processor; undefined where memory cannot be shared with one. */
  spawnHelper?: (() => WorkerLike) | undefined;
  heartbeat?: Heartbeat;
}

/** The worker runs models; what is not on this device yet, the library fetches first. */
export function createEngineClient({
  library,
  spawn = spawnEngineWorker,
  spawnHelper = globalThis.crossOriginIsolated ? spawnProcessorHelper : undefined,
  heartbeat,
}: EngineClientOptions): EngineClient {
  let tellLost: (error: BedsideError) => void = () => undefined;
  const caller = createWorkerCaller<EngineApi>(spawn, workerDied, heartbeat, {
    onStart(connection) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }: MessageEvent<ErrorData>) => tellLost(fromErrorData(data));
      // A worker that dies before it answers tells so by its death.
      connection.call(api => api.watchModel(transfer(port2, [port2]))).catch(() => undefined);
      let tidyUp: (() => void) | undefined;
      if (spawnHelper) {
        const helpers = new MessageChannel();
        tidyUp = lendHelpers(helpers.port1, spawnHelper);
        const lent = transfer(helpers.port2, [helpers.port2]);
        connection.call(api => api.lendHelpers(lent)).catch(() => undefined);
      }
      // Asked before anything else is: a worker serves calls in the order in which they come.
      if (wish) connection.call<unknown>(api => api.useDevice(wish!)).catch(() => undefined);
      return tidyUp;
    },
    onDeath: error => tellLost(error),
  });
  const calls = callsOf(engineVerbs, caller);
  /** For a worker that takes the place of one that died. */
  let wish: DeviceWish | undefined;
  let loads = 0;

  async function missingOf(sources: readonly ModelSource[]): Promise<UrlSource[]> {
    const remote = sources.flatMap(filesOf).filter(file => file.kind === 'url');
    if (remote.length === 0) return [];
    const stored = await library.listFiles();
    return remote.filter(({ id }) => !stored.some(file => file.id === id && file.complete));
  }

  /** Puts everything into the store; refused before a byte is fetched where the device could not run it. */
  async function fetchMissing(request: LoadModelRequest, { signal, onProgress }: LoadOptions): Promise<void> {
    const sources = sourcesOf(request);
    const missing = await missingOf(sources);
    if (missing.length > 0) await checkUnseen(request);
    const total = missing.reduce((sum, source) => sum + (source.bytes ?? 0), 0);
    let before = 0;
    // Those that are there too: a release may bring another version of a file under the same id.
    for (const source of sources.flatMap(filesOf)) {
      if (source.kind !== 'url') continue;
      await library.download(source, {
        ...(signal ? { signal } : {}),
        onProgress: (phase, done, bytes) =>
          onProgress?.(
            phase === 'verify'
              ? { phase: 'verify', done, total: bytes, fromStore: true }
              : { phase: 'download', done: before + done, total: total || bytes, fromStore: false },
          ),
      });
      if (missing.includes(source)) before += source.bytes ?? 0;
    }
  }

  /** Before it is fetched; what only its headers tell is read from its beginning. */
  async function checkUnseen({ accepts = 'comfortable', ...request }: LoadModelRequest): Promise<void> {
    const bytes = sourcesOf(request)
      .flatMap(filesOf)
      .reduce((sum, file) => sum + (bytesOf(file) ?? 0), 0);
    const report = await calls.probeDevice();
    checkAdapter(report, bytes);
    if (!mayBeSlower(report, bytes, accepts)) return;
    const { work } = await calls.planModel(await describableFiles(request));
    requirePace(report, work, accepts);
  }

  async function load(request: LoadModelRequest, options: LoadOptions): Promise<ModelInfo> {
    await fetchMissing(request, options);
    return calls.loadModel(request, options);
  }

  /** What was refused may go now: what is stored of it proved damaged and is fetched, or the processor was busy when it was timed. */
  async function isWorthAnotherTry(request: LoadModelRequest, thrown: unknown): Promise<boolean> {
    if (!(thrown instanceof BedsideError)) return false;
    switch (thrown.code) {
      case 'wrong-hash':
        return (await missingOf(sourcesOf(request))).length > 0;
      case 'too-slow':
      case 'slow-model':
        return calls.measureAgain();
      default:
        return false;
    }
  }

  /** What is not on this device is known by its beginning. */
  async function describable(source: ModelSource): Promise<DescribedSource> {
    if (source.kind !== 'split') return describableFile(source);
    return { kind: 'split', parts: await Promise.all(source.parts.map(describableFile)) };
  }

  async function describableFile(source: FileSource): Promise<FileSource | HeadSource> {
    if (source.kind === 'file' || (await missingOf([source])).length === 0) return source;
    const name = source.name ?? nameInAddress(source.url);
    return { kind: 'head', ...(name ? { name } : {}), ...(await library.readHead(source)) };
  }

  async function describableFiles<Request extends PlanModelRequest>({ source, vision, ...request }: Request) {
    return {
      ...request,
      source: await describable(source),
      ...(vision ? { vision: await describable(vision) } : {}),
    };
  }

  return {
    ...calls,

    useDevice(wished) {
      wish = wished;
      return calls.useDevice(wished);
    },

    async loadModel(request, options = {}) {
      loads++;
      try {
        return await load(request, options);
      } catch (thrown) {
        if (!(await isWorthAnotherTry(request, thrown))) throw thrown;
        return await load(request, options);
      } finally {
        loads--;
      }
    },

    planModel: async request => calls.planModel(await describableFiles(request)),

    describeModel: async request => calls.describeModel(await describableFiles(request)),

    storeModel: source => library.download(source),

    onModelLost(hear) {
      tellLost = hear;
    },

    async deleteStoredModel(id) {
      await caller.stopped();
      // A load may be reading this very model; an answer needs only what is on the GPU.
      if (loads > 0) throw busyError(busyLoading);
      await library.deleteFile(id);
    },

    dispose: caller.dispose,
  };
}

const sourcesOf = ({ source, vision }: LoadModelRequest): readonly ModelSource[] =>
  vision ? [source, vision] : [source];

const filesOf = (source: ModelSource): readonly FileSource[] =>
  source.kind === 'split' ? source.parts : [source];

const bytesOf = (file: FileSource): number | undefined =>
  file.kind === 'file' ? file.file.size : file.bytes;

function nameInAddress(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).pathname.split('/').at(-1) : undefined;
}

function workerDied(cause: string): BedsideError {
  return new BedsideError(
    'worker-died',
    sentence`engine-worker-died: The process that runs the model ended unexpectedly.`,
    'Load the model again. If it happens again, close other programs or choose a smaller model.',
    cause,
  );
}
