/** What the page can ask of the worker: one operation at a time, every outcome as data. */
import { BedsideError } from '../engine/errors.ts';
import type { ByteSource } from '../engine/formats/byte-source.ts';
import { parseGguf } from '../engine/formats/gguf.ts';
import { mostSoftwareModelBytes } from '../engine/models/software-limit.ts';
import { isVisionFile } from '../engine/models/vision-config.ts';
import type { DeviceReport } from '../engine/types.ts';
import type { DecodedImage } from '../imaging/decode.ts';
import { describeBytes } from '../storage/byte-size.ts';
import { sha256Hex } from '../storage/sha256.ts';
import type { WeightStore } from '../storage/weights.ts';
import { downloadModel, type Network, type UrlSource } from './downloads.ts';
import { fileSource } from './file-source.ts';
import { headerSource } from './header-source.ts';
import { createModelHost, type DeviceHandle, type Engine, type ModelHandle } from './model-host.ts';
import { type OperationEvents, sendEvents } from './operation-events.ts';
import type { LoadModelRequest, ModelSource, PlanModelRequest, Result, WorkerApi } from './protocol.ts';
import { resultOf } from './result.ts';

export interface WorkerDependencies<Device extends DeviceHandle, Model extends ModelHandle> {
  engine: Engine<Device, Model>;
  weights: WeightStore;
  network: Network;
  decodeImage(file: Blob): Promise<DecodedImage>;
}

type OperationKind = 'load' | 'generate' | 'test';

export function createWorkerApi<Device extends DeviceHandle, Model extends ModelHandle>({
  engine,
  weights,
  network,
  decodeImage,
}: WorkerDependencies<Device, Model>): WorkerApi {
  const host = createModelHost(engine);
  const downloads = new Map<string, Promise<void>>();
  let running: { operation: number; kind: OperationKind; controller: AbortController } | undefined;

  /** Runs alone, with its own signal; `run` starts in the same task, so an abort cannot come too early. */
  async function operate<T>(
    operation: number,
    kind: OperationKind,
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (running) throw busy(running.kind);
    const controller = new AbortController();
    running = { operation, kind, controller };
    try {
      return await run(controller.signal);
    } finally {
      running = undefined;
    }
  }

  async function operateWithEvents<T>(
    operation: number,
    kind: OperationKind,
    port: MessagePort,
    run: (signal: AbortSignal, events: OperationEvents) => Promise<T>,
  ): Promise<Result<T>> {
    const events = sendEvents(port);
    const result = await resultOf(() => operate(operation, kind, signal => run(signal, events)));
    events.end();
    return result;
  }

  /** Downloads a model unless that is under way already; then it waits, and tries itself should the other one fail. */
  async function storeOnce(source: UrlSource, signal: AbortSignal, onProgress: (done: number) => void) {
    const underWay = downloads.get(source.id);
    if (underWay) {
      await Promise.race([underWay, untilAborted(signal)]).catch(() => undefined);
      signal.throwIfAborted();
      if (await openSource(source, weights)) return;
    }
    const download = downloadModel(source, weights, network, { signal, onProgress });
    downloads.set(source.id, download);
    try {
      await download;
    } finally {
      downloads.delete(source.id);
    }
  }

  async function loadModel(request: LoadModelRequest, signal: AbortSignal, events: OperationEvents) {
    const { source, vision, precision, contextTokens } = request;
    const sources = vision ? [source, vision] : [source];
    const total = sources.reduce((sum, each) => sum + sourceBytes(each), 0);
    const opened: (ByteSource | undefined)[] = [];
    for (const each of sources) opened.push(await openSource(each, weights));
    const fromStore = opened.every(bytes => bytes !== undefined);
    events.load({ phase: 'device', done: 0, total: 1, fromStore });
    const report = await host.prepareDevice();
    events.load({ phase: 'device', done: 1, total: 1, fromStore });
    checkAdapter(report, total);
    signal.throwIfAborted();
    const missing = sources.filter((_, i) => opened[i] === undefined);
    const downloadBytes = missing.reduce((sum, each) => sum + sourceBytes(each), 0);
    let before = 0;
    for (const each of missing) {
      if (each.kind !== 'url') continue;
      await storeOnce(each, signal, done =>
        events.load({ phase: 'download', done: before + done, total: downloadBytes, fromStore: false }),
      );
      before += each.bytes;
      opened[sources.indexOf(each)] = await openSource(each, weights);
    }
    const [text, image] = await inOrder(opened);
    if (!text || (vision && !image)) throw new Error('a model that was just stored is not in the store');
    return host.load(text, {
      ...(image ? { vision: image } : {}),
      precision,
      contextTokens,
      signal,
      onProgress: progress => events.load({ ...progress, fromStore: true }),
    });
  }

  async function planModel({ source, vision, precision, contextTokens }: PlanModelRequest) {
    // What is still on its way from the network when the headers are there is not wanted.
    const rest = new AbortController();
    try {
      const opened: ByteSource[] = [];
      for (const each of vision ? [source, vision] : [source]) {
        const stored = await openSource(each, weights);
        opened.push(stored ?? (await headerSource(each as UrlSource, network, rest.signal)));
      }
      const [text, image] = await inOrder(opened);
      return await host.plan(text!, { ...(image ? { vision: image } : {}), precision, contextTokens });
    } finally {
      rest.abort();
    }
  }

  return {
    ping: async () => performance.now(),

    probeDevice: () => resultOf(() => host.probe()),

    loadModel: (request, port) =>
      operateWithEvents(request.operation, 'load', port, (signal, events) =>
        loadModel(request, signal, events),
      ),

    planModel: request => resultOf(() => planModel(request)),

    storeModel: source =>
      resultOf(async () => {
        const isStored = (await openSource(source, weights)) !== undefined;
        if (!isStored) await storeOnce(source, new AbortController().signal, () => undefined);
        return null;
      }),

    loadedModel: () => resultOf(async () => host.modelInfo),

    unloadModel: () =>
      resultOf(async () => {
        if (running) throw busy(running.kind);
        host.unload();
        return null;
      }),

    inspectImage: file =>
      resultOf(async () => {
        const { image, format, isAnimated } = await decodeImage(file);
        const id = await sha256Hex(new Uint8Array(await file.arrayBuffer()));
        const { width, height } = image;
        return { id, format, width, height, isAnimated };
      }),

    generate: ({ operation, ...request }, port) =>
      operateWithEvents(operation, 'generate', port, (signal, events) =>
        host.answer(request, {
          signal,
          onVision: events.vision,
          onPrefill: events.prefill,
          onText: events.text,
        }),
      ),

    testDevice: ({ operation, ...request }, port) =>
      operateWithEvents(operation, 'test', port, (signal, events) =>
        host.testDevice(request, { signal, onProgress: events.test }),
      ),

    async abort(operation) {
      if (running?.operation === operation) running.controller.abort();
    },

    listStoredModels: () =>
      resultOf(async () => {
        const models = await weights.listModels();
        return models.filter(({ complete }) => complete).map(({ id, bytes }) => ({ id, bytes }));
      }),

    deleteStoredModel: id =>
      resultOf(async () => {
        // A load may be reading this very model; an answer needs only what is on the GPU.
        if (running?.kind === 'load') throw busy('load');
        await weights.deleteModel(id);
        return null;
      }),
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** The bytes without any network; undefined when they must be fetched first. */
async function openSource(source: ModelSource, weights: WeightStore): Promise<ByteSource | undefined> {
  return source.kind === 'file' ? fileSource(source.file) : weights.openModel(source.id, source.chunkSha256);
}

function sourceBytes(source: ModelSource): number {
  return source.kind === 'url' ? source.bytes : source.file.size;
}

/** Of two picked files either may be the image half. */
async function inOrder(sources: (ByteSource | undefined)[]): Promise<(ByteSource | undefined)[]> {
  const [first, second] = sources;
  if (!first || !second) return sources;
  const file = await parseGguf(first).catch(() => undefined);
  return file && isVisionFile(file) ? [second, first] : sources;
}

function checkAdapter(report: DeviceReport, modelBytes: number): void {
  if (!report.isSoftware || modelBytes <= mostSoftwareModelBytes) return;
  throw new BedsideError(
    'software-adapter',
    `This browser computes without a GPU (${report.adapter}): far too slow for a model of ${describeBytes(modelBytes)}.`,
    'Switch on hardware acceleration in the browser settings, use a device with a GPU, or load a small model.',
  );
}

const busyWords: Readonly<Record<OperationKind, [message: string, advice: string]>> = {
  generate: ['An answer is being written.', 'Wait until it ends, or stop it.'],
  load: ['A model is being loaded.', 'Wait until it is ready, or cancel loading.'],
  test: ['This device is being tested.', 'Wait until the test ends, or stop it.'],
};

function busy(kind: OperationKind): BedsideError {
  return new BedsideError('busy', ...busyWords[kind]);
}
