/** What the page can ask of the worker: one operation at a time, every outcome as data. */
import { BedsideError, toErrorData } from '../../engine/errors.ts';
import { type ByteSource, checkRange } from '../../engine/formats/byte-source.ts';
import { parseGguf } from '../../engine/formats/gguf.ts';
import { joinShards } from '../../engine/formats/split-gguf.ts';
import { isVisionFile } from '../../engine/models/intern-vit/vision-config.ts';
import { type Sentence, sentence } from '../../engine/sentence.ts';
import type { DecodedFile } from '../../imaging/decode.ts';
import { sha256Hex } from '../../storage/sha256.ts';
import type { WeightStore } from '../../storage/weight-store.ts';
import { fileSource } from '../library/file-source.ts';
import type { Result } from '../verbs/result.ts';
import { resultOf } from '../verbs/result.ts';
import { checkAdapter } from './check-adapter.ts';
import type { LoadModelRequest, PlanHeadsRequest, WorkerApi } from './engine-messages.ts';
import { createModelHost, type DeviceHandle, type Engine, type ModelHandle } from './model-host.ts';
import type { DescribedSource, HeadSource } from './model-source.ts';
import { type OperationEvents, sendEvents } from './operation-events.ts';

export interface WorkerDependencies<Device extends DeviceHandle, Model extends ModelHandle> {
  engine: Engine<Device, Model>;
  weights: WeightStore;
  decodeImage(file: Blob): Promise<DecodedFile>;
}

type OperationKind = 'load' | 'generate' | 'test';

export function createWorkerApi<Device extends DeviceHandle, Model extends ModelHandle>({
  engine,
  weights,
  decodeImage,
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
    const { source, vision, precision, contextTokens } = request;
    const opened: ByteSource[] = [];
    for (const each of vision ? [source, vision] : [source]) opened.push(await openSource(each, weights));
    events.load({ phase: 'device', done: 0, total: 1, fromStore: true });
    const report = await host.prepareDevice();
    events.load({ phase: 'device', done: 1, total: 1, fromStore: true });
    checkAdapter(
      report,
      opened.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    signal.throwIfAborted();
    const [text, image] = await inOrder(opened);
    return host.load(text!, {
      ...(image ? { vision: image } : {}),
      precision,
      contextTokens,
      signal,
      onProgress: progress => events.load({ ...progress, fromStore: true }),
    });
  }

  async function planModel({ source, vision, precision, contextTokens }: PlanHeadsRequest) {
    const opened: ByteSource[] = [];
    for (const each of vision ? [source, vision] : [source]) opened.push(await openSource(each, weights));
    const [text, image] = await inOrder(opened);
    return host.plan(text!, { ...(image ? { vision: image } : {}), precision, contextTokens });
  }

  return {
    ping: async () => performance.now(),

    probeDevice: () => resultOf(() => host.probe()),

    loadModel: (request, port) =>
      operateWithEvents(request.operation, 'load', port, (signal, events) =>
        loadModel(request, signal, events),
      ),

    planModel: request => resultOf(() => planModel(request)),

    loadedModel: () => resultOf(async () => host.modelInfo),

    async watchModel(port) {
      host.onModelLost(error => port.postMessage(toErrorData(error)));
    },

    unloadModel: () =>
      resultOf(async () => {
        if (running) throw busy(running.kind);
        host.unload();
        return null;
      }),

    inspectImage: file =>
      resultOf(async () => {
        const { image, format, isAnimated, bytes, stretchedBits } = await decodeImage(file);
        const id = await sha256Hex(bytes);
        const { width, height } = image;
        const blob = new Blob([bytes], { type: file.type || `image/${format}` });
        const report = { id, format, width, height, isAnimated };
        return { report: stretchedBits === undefined ? report : { ...report, stretchedBits }, blob };
      }),

    measureQuestion: question => resultOf(async () => host.measureQuestion(question)),

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
  };
}

/** The bytes of a file of this device. */
async function openSource(source: DescribedSource, weights: WeightStore): Promise<ByteSource> {
  if (source.kind === 'split') {
    const parts: ByteSource[] = [];
    for (const part of source.parts) parts.push(await openSource(part, weights));
    const names = source.parts.map(part => (part.kind === 'file' ? part.file.name : undefined));
    return joinShards(parts, names);
  }
  if (source.kind === 'file') return fileSource(source.file);
  if (source.kind === 'head') return headSource(source);
  const stored = await weights.openFile(source.id, source.chunkSha256);
  if (stored) return stored;
  throw new BedsideError(
    'no-model',
    sentence`model-not-on-device: This model is not on this device yet.`,
    'Choose it in the list of models: it is fetched first, then loaded.',
    source.id,
  );
}

function headSource({ bytes, head }: HeadSource): ByteSource {
  return {
    bytes,
    async read(offset, length) {
      checkRange({ bytes: head.size }, offset, length);
      return new Uint8Array(await head.slice(offset, offset + length).arrayBuffer());
    },
  };
}

/** Of two picked files either may be the image half. */
async function inOrder(sources: ByteSource[]): Promise<ByteSource[]> {
  const [first, second] = sources;
  if (!first || !second) return sources;
  const file = await parseGguf(first).catch(() => undefined);
  return file && isVisionFile(file) ? [second, first] : sources;
}

const busyWords: Readonly<Record<OperationKind, [message: Sentence, advice: string]>> = {
  generate: [
    sentence`answer-is-being-written: An answer is being written.`,
    'Wait until it ends, or stop it.',
  ],
  load: [
    sentence`model-is-being-loaded: A model is being loaded.`,
    'Wait until it is ready, or cancel loading.',
  ],
  test: [
    sentence`device-is-being-tested: This device is being tested.`,
    'Wait until the test ends, or stop it.',
  ],
};

function busy(kind: OperationKind): BedsideError {
  return new BedsideError('busy', ...busyWords[kind]);
}
