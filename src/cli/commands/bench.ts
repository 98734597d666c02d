import type { EngineDevice } from '../../engine/gpu/device.ts';
import { matrixBytes } from '../../engine/kernels/matrix.ts';
import { type LanguageModel, loadModel } from '../../engine/models/load-model.ts';
import type { GgmlTypeName } from '../../engine/quant/block-formats.ts';
import { placements } from '../../engine/quant/gpu-formats.ts';
import { sampleTensorBytes } from '../../engine/quant/sample-blocks.ts';
import { type Arguments, badArgument, onlyWord, parseArguments } from '../arguments.ts';
import { median } from '../bench/statistics.ts';
import { HeapWatch } from '../heap-watch.ts';
import { measureCopy, measureMatvec } from '../measure.ts';
import { withModelFiles } from '../model-files.ts';
import { openDevice, readPrecision } from '../open-device.ts';
import { syntheticModel } from '../synthetic-model.ts';
import { syntheticVision } from '../synthetic-vision.ts';
import { benchKernels } from './bench-kernels.ts';

/** Medians over --repeat runs. Numbers of a software adapter say nothing about a GPU. */
export async function bench(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, {
    synthetic: 'value',
    matvec: 'value',
    type: 'value',
    layers: 'value',
    prefill: 'value',
    decode: 'value',
    context: 'value',
    tiles: 'value',
    mmproj: 'value',
    repeat: 'value',
    kernels: 'flag',
    quick: 'flag',
    shapes: 'value',
    types: 'value',
    tokens: 'value',
    contexts: 'value',
  });
  if (args.flag('kernels')) return benchKernels(args);
  const repeat = positive(args, 'repeat', 3);
  const type = readType(args);
  const device = await openDevice(args);
  const shape = args.text('matvec');
  if (shape) return { adapter: device.report.adapter, ...(await benchMatvec(device, shape, type, repeat)) };

  const heap = new HeapWatch();
  const started = performance.now();
  const context = positive(args, 'context', 64);
  const prefill = positive(args, 'prefill', 128);
  const decode = positive(args, 'decode', 16);
  const tiles = args.integer('tiles') ?? 0;
  if (tiles < 0) throw badArgument('--tiles must not be negative.');
  const model = await openModel(args, device, type, heap, context + prefill + decode);
  const loadMs = performance.now() - started;
  const times = await measureModel(model, { context, prefill, decode, repeat });
  const vision = tiles > 0 ? await measureVision(model, tiles, repeat) : undefined;
  heap.stop();
  const bytesPerToken = readBytes(model, context);
  return {
    adapter: device.report.adapter,
    model: model.info.name,
    variant: model.info.variant,
    prefillTokensPerSecond: (prefill * 1000) / times.prefillMs,
    decodeTokensPerSecond: (decode * 1000) / times.decodeMs,
    bytesPerToken,
    effectiveGBps: (bytesPerToken * decode) / times.decodeMs / 1e6,
    copyGBps: await measureCopy(device, repeat),
    deviceBytes: device.memory.bytes,
    plannedBytes: model.plan.total + (vision?.featureBytes ?? 0),
    jsHeapPeakBytes: heap.peakBytes,
    jsHeapBeforeBytes: heap.beforeBytes,
    fileBytes: model.info.fileBytes,
    loadMs,
    dispatchesPerToken: model.dispatchesPerToken,
    pipelines: device.pipelines.count,
    context,
    prefillTokens: prefill,
    decodeTokens: decode,
    repeat,
    ...(vision ? { vision } : {}),
  };
}

async function openModel(
  args: Arguments,
  device: EngineDevice,
  type: GgmlTypeName,
  heap: HeapWatch,
  contextTokens: number,
): Promise<LanguageModel> {
  const name = args.text('synthetic');
  const layers = args.integer('layers');
  const options = { precision: readPrecision(args), contextTokens, onProgress: () => heap.look() };
  const needsVision = (args.integer('tiles') ?? 0) > 0;
  if (name) {
    if (args.words.length > 0) throw badArgument('Give a model file or --synthetic, not both.');
    if (needsVision && name !== 'mini-monkey-2b')
      throw badArgument('--tiles needs --synthetic mini-monkey-2b.');
    return loadModel(device, syntheticModel(name, { type, ...(layers ? { layers } : {}) }), {
      ...options,
      ...(needsVision ? { vision: syntheticVision(layers) } : {}),
    });
  }
  const mmproj = args.text('mmproj');
  if (needsVision && mmproj === undefined) throw badArgument('--tiles needs --mmproj.');
  const path = onlyWord(args, 'The model file (or --synthetic NAME)');
  return withModelFiles(path, mmproj, (source, vision) => loadModel(device, source, { ...options, vision }));
}

async function measureModel(
  model: LanguageModel,
  run: { context: number; prefill: number; decode: number; repeat: number },
): Promise<{ prefillMs: number; decodeMs: number }> {
  const ids = (count: number) =>
    Array.from({ length: count }, (_, i) => 3 + ((i * 7919) % (model.config.vocabulary - 3)));
  const feed = async (tokens: number[]) => {
    for (let start = 0; start < tokens.length; start += model.chunkTokens) {
      const chunk = tokens.slice(start, start + model.chunkTokens);
      model.submitTokens(chunk, start + chunk.length === tokens.length);
      await model.settle();
    }
  };
  const prefillMs: number[] = [];
  const decodeMs: number[] = [];
  // One run more than asked for: the first warms up and is not counted.
  for (let i = 0; i <= run.repeat; i++) {
    model.cache.truncate(0);
    let at = performance.now();
    await feed(ids(run.prefill));
    if (i > 0) prefillMs.push(performance.now() - at);

    model.cache.truncate(0);
    await feed(ids(run.context));
    await model.submitArgmax()();
    at = performance.now();
    const pending: (() => Promise<number>)[] = [];
    for (let token = 0; token < run.decode; token++) {
      pending.push(model.submitGreedyStep(run.context + token));
      if (pending.length > 2) await pending.shift()!();
    }
    for (const read of pending) await read();
    if (i > 0) decodeMs.push(performance.now() - at);
  }
  return { prefillMs: median(prefillMs), decodeMs: median(decodeMs) };
}

/** Noise in place of pixels. The visual tokens of the last run stay on the device, as they do between questions. */
async function measureVision(model: LanguageModel, tiles: number, repeat: number) {
  const encoder = model.vision!;
  const { tileSize, tokensPerTile } = encoder.config;
  const noise = sampleTensorBytes('Q8_0', Math.ceil((tileSize * tileSize * 3) / 34) * 32, 1);
  const images = Array.from({ length: tiles }, () => noise.subarray(0, tileSize * tileSize * 3));
  const times: number[] = [];
  let bytes = 0;
  for (let i = 0; i < repeat; i++) {
    const at = performance.now();
    const features = await encoder.encode(images, 0);
    times.push(performance.now() - at);
    bytes = features.buffer.size;
    if (i < repeat - 1) encoder.release(features);
  }
  const encodeMs = median(times);
  const visualTokens = tiles * tokensPerTile;
  return {
    tiles,
    visualTokens,
    encodeMs,
    msPerTile: encodeMs / tiles,
    msPerVisualToken: encodeMs / visualTokens,
    tilesPerBatch: encoder.tilesPerBatch,
    featureBytes: bytes,
  };
}

/** Bytes that one decoded token reads: every matrix but the embedding (one row of it), and the KV cache so far. */
function readBytes(model: LanguageModel, context: number): number {
  const { cache, config } = model;
  const tied = !model.matrices.has('output.weight');
  let bytes = 0;
  for (const [name, matrix] of model.matrices) {
    if (name !== 'token_embd.weight' || tied) bytes += matrixBytes(matrix);
  }
  return bytes + (cache.bytes / cache.capacity) * Math.min(context, config.contextTokens);
}

async function benchMatvec(device: EngineDevice, shape: string, type: GgmlTypeName, repeat: number) {
  const match = /^(\d+)x(\d+)$/.exec(shape);
  if (!match) throw badArgument('--matvec must be ROWSxCOLUMNS, e.g. 5120x13824.');
  return measureMatvec(device, Number(match[1]), Number(match[2]), type, repeat);
}

function readType(args: Arguments): GgmlTypeName {
  const type = (args.text('type') ?? 'q4_0').toUpperCase();
  if (!(type in placements))
    throw badArgument(`--type must be one of ${Object.keys(placements).join(', ')}.`);
  return type as GgmlTypeName;
}

function positive(args: Arguments, name: string, fallback: number): number {
  const value = args.integer(name) ?? fallback;
  if (value < 1) throw badArgument(`--${name} must be at least 1.`);
  return value;
}
