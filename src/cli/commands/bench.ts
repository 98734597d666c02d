import type { EngineDevice } from '../../engine/device/device.ts';
import { textPrompt } from '../../engine/generation/prompt.ts';
import type { LanguageModel } from '../../engine/loading/load-model.ts';
import { mostStepsInFlight } from '../../engine/models/pace/steps-in-flight.ts';
import type { GgmlTypeName } from '../../engine/quant/block-formats.ts';
import { sentence } from '../../engine/sentence.ts';
import { median } from '../../engine/timing/statistics.ts';
import { feed, noiseTiles, sampleIds } from '../bench/feed-model.ts';
import { HeapWatch } from '../bench/heap-watch.ts';
import { measureCopy, measureProduct } from '../bench/measure.ts';
import { openModel, positive, readType } from '../bench/open-model.ts';
import { readBytes } from '../bench/read-bytes.ts';
import { type Arguments, badArgument, parseArguments } from '../input/arguments.ts';
import { chunkOptions } from '../input/chunk-option.ts';
import { openDevice } from '../input/open-device.ts';
import { tuningOptions } from '../input/tuning-file.ts';
import { benchBeside } from './bench-beside.ts';
import { benchKernels } from './bench-kernels.ts';
import { benchModel } from './bench-model.ts';
import { benchPlan } from './bench-plan.ts';
import { benchTune } from './bench-tune.ts';

/** Medians over --repeat runs. Numbers of a software adapter say nothing about a GPU. */
export async function bench(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, {
    synthetic: 'value',
    matvec: 'value',
    type: 'value',
    quant: 'value',
    plan: 'flag',
    beside: 'value',
    'beside-layers': 'value',
    layers: 'value',
    prefill: 'value',
    decode: 'value',
    'in-flight': 'value',
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
    tune: 'flag',
    budget: 'value',
    ...tuningOptions,
    ...chunkOptions,
    only: 'value',
  });
  if (args.text('quant') !== undefined && !measuresSynthetic(args))
    throw badArgument(
      sentence`quant-needs-synthetic: --quant says how the weights of --synthetic are stored; it means nothing without it, or with --kernels or --matvec.`,
    );
  if (args.flag('kernels')) return benchKernels(args);
  if (args.flag('plan')) return benchPlan(args);
  if (args.flag('tune')) return benchTune(args);
  if (args.text('beside') !== undefined) return benchBeside(args);
  if (args.text('contexts') !== undefined) return benchModel(args);
  const repeat = positive(args, 'repeat', 3);
  const type = readType(args);
  const inFlight = readInFlight(args);
  const device = await openDevice(args);
  const shape = args.text('matvec');
  if (shape) {
    const tokens = positive(args, 'tokens', 1);
    const times = await benchProduct(device, shape, type, tokens, repeat);
    return { adapter: device.report.adapter, ...times };
  }

  const heap = new HeapWatch();
  const started = performance.now();
  const context = positive(args, 'context', 64);
  const prefill = positive(args, 'prefill', 128);
  const decode = positive(args, 'decode', 16);
  const tiles = args.integer('tiles') ?? 0;
  if (tiles < 0) throw badArgument(sentence`tiles-negative: --tiles must not be negative.`);
  const model = await openModel(args, device, {
    contextTokens: context + prefill + decode,
    onProgress: () => heap.look(),
  });
  const loadMs = performance.now() - started;
  const times = await measureModel(model, { context, prefill, decode, inFlight, repeat });
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
    plannedBytes: model.memoryPlan.total + (vision?.featureBytes ?? 0),
    jsHeapPeakBytes: heap.peakBytes,
    jsHeapBeforeBytes: heap.beforeBytes,
    fileBytes: model.info.fileBytes,
    loadMs,
    dispatchesPerToken: model.dispatchesPerToken,
    pipelines: device.compiledKernels,
    context,
    prefillTokens: prefill,
    chunkTokens: model.chunkTokens,
    decodeTokens: decode,
    stepsInFlight: inFlight,
    repeat,
    ...(vision ? { vision } : {}),
  };
}

/** What is read back has a place for so many steps. */
function readInFlight(args: Arguments): number {
  const steps = positive(args, 'in-flight', 3);
  if (steps <= mostStepsInFlight) return steps;
  throw badArgument(sentence`in-flight-option: --in-flight must be at most ${{ most: mostStepsInFlight }}.`);
}

const measuresSynthetic = (args: Arguments) =>
  args.text('synthetic') !== undefined && args.text('matvec') === undefined && !args.flag('kernels');

async function measureModel(
  model: LanguageModel,
  run: { context: number; prefill: number; decode: number; inFlight: number; repeat: number },
): Promise<{ prefillMs: number; decodeMs: number }> {
  const prompt = (tokens: number) => textPrompt(sampleIds(model.config.vocabulary, tokens));
  const prefillMs: number[] = [];
  const decodeMs: number[] = [];
  // One run more than asked for: the first warms up and is not counted.
  for (let i = 0; i <= run.repeat; i++) {
    let at = performance.now();
    await feed(model, prompt(run.prefill));
    if (i > 0) prefillMs.push(performance.now() - at);

    await feed(model, prompt(run.context));
    await model.submitArgmax()();
    at = performance.now();
    const pending: (() => Promise<number>)[] = [];
    for (let token = 0; token < run.decode; token++) {
      pending.push(model.submitGreedyStep(run.context + token));
      if (pending.length >= run.inFlight) await pending.shift()!();
    }
    for (const read of pending) await read();
    if (i > 0) decodeMs.push(performance.now() - at);
  }
  return { prefillMs: median(prefillMs), decodeMs: median(decodeMs) };
}

/** Noise in place of pixels. The visual tokens of the last run stay on the device, as they do between questions. */
async function measureVision(model: LanguageModel, tiles: number, repeat: number) {
  const encoder = model.vision!;
  const images = noiseTiles(encoder.config, tiles);
  const times: number[] = [];
  let bytes = 0;
  for (let i = 0; i < repeat; i++) {
    const at = performance.now();
    const features = await encoder.encode(images);
    times.push(performance.now() - at);
    bytes = features.buffer.size;
    if (i < repeat - 1) encoder.release(features);
  }
  const encodeMs = median(times);
  const visualTokens = tiles * encoder.config.tokensPerTile;
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

async function benchProduct(
  device: EngineDevice,
  shape: string,
  type: GgmlTypeName,
  tokens: number,
  repeat: number,
) {
  const match = /^(\d+)x(\d+)$/.exec(shape);
  if (!match) throw badArgument(sentence`matvec-option: --matvec must be ROWSxCOLUMNS, e.g. 5120x13824.`);
  return measureProduct(device, Number(match[1]), Number(match[2]), type, tokens, repeat);
}
