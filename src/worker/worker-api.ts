/** What the page can ask of the worker: one operation at a time, every outcome as data. */
import { BedsideError } from '../engine/errors.ts';
import type { ByteSource } from '../engine/formats/byte-source.ts';
import type { DeviceReport } from '../engine/types.ts';
import { describeBytes } from '../storage/byte-size.ts';
import type { WeightStore } from '../storage/weights.ts';
import { downloadModel, type Network } from './downloads.ts';
import { fileSource } from './file-source.ts';
import { createModelHost, type DeviceHandle, type Engine, type ModelHandle } from './model-host.ts';
import { type OperationEvents, sendEvents } from './operation-events.ts';
import type { LoadModelRequest, ModelSource, Result, WorkerApi } from './protocol.ts';
import { resultOf } from './result.ts';

/** A CPU that pretends to be a GPU answers in minutes per word beyond this. */
const maxSoftwareModelBytes = 512 * 1024 * 1024;

export interface WorkerDependencies<Device extends DeviceHandle, Model extends ModelHandle> {
  engine: Engine<Device, Model>;
  weights: WeightStore;
  network: Network;
}

type OperationKind = 'load' | 'generate';

export function createWorkerApi<Device extends DeviceHandle, Model extends ModelHandle>({
  engine,
  weights,
  network,
}: WorkerDependencies<Device, Model>): WorkerApi {
  const host = createModelHost(engine);
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

  async function loadModel(request: LoadModelRequest, signal: AbortSignal, events: OperationEvents) {
    const { source, precision, contextTokens } = request;
    let bytes = await openSource(source, weights);
    events.load({ phase: 'device', done: 0, total: 1, fromStore: bytes !== undefined });
    const report = await host.prepareDevice();
    events.load({ phase: 'device', done: 1, total: 1, fromStore: bytes !== undefined });
    checkAdapter(report, source.kind === 'url' ? source.bytes : source.file.size);
    signal.throwIfAborted();
    if (!bytes && source.kind === 'url') {
      await downloadModel(source, weights, network, {
        signal,
        onProgress: (done, total) => events.load({ phase: 'download', done, total, fromStore: false }),
      });
      bytes = await openSource(source, weights);
    }
    if (!bytes) throw new Error('a model that was just stored is not in the store');
    return host.load(bytes, {
      precision,
      contextTokens,
      signal,
      onProgress: progress => events.load({ ...progress, fromStore: true }),
    });
  }

  return {
    ping: async () => performance.now(),

    probeDevice: () => resultOf(() => host.probe()),

    loadModel: (request, port) =>
      operateWithEvents(request.operation, 'load', port, (signal, events) =>
        loadModel(request, signal, events),
      ),

    loadedModel: () => resultOf(async () => host.modelInfo),

    unloadModel: () =>
      resultOf(async () => {
        if (running) throw busy(running.kind);
        host.unload();
        return null;
      }),

    generate: ({ operation, ...request }, port) =>
      operateWithEvents(operation, 'generate', port, (signal, events) =>
        host.answer(request, { signal, onPrefill: events.prefill, onText: events.text }),
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

/** The bytes without any network; undefined when they must be fetched first. */
async function openSource(source: ModelSource, weights: WeightStore): Promise<ByteSource | undefined> {
  return source.kind === 'file' ? fileSource(source.file) : weights.openModel(source.id, source.chunkSha256);
}

function checkAdapter(report: DeviceReport, modelBytes: number): void {
  if (!report.isSoftware || modelBytes <= maxSoftwareModelBytes) return;
  throw new BedsideError(
    'software-adapter',
    `This browser computes without a GPU (${report.adapter}): far too slow for a model of ${describeBytes(modelBytes)}.`,
    'Switch on hardware acceleration in the browser settings, use a device with a GPU, or load a small model.',
  );
}

function busy(kind: OperationKind): BedsideError {
  return kind === 'generate'
    ? new BedsideError('busy', 'An answer is being written.', 'Wait until it ends, or stop it.')
    : new BedsideError('busy', 'A model is being loaded.', 'Wait until it is ready, or cancel loading.');
}
