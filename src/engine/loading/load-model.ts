import { quantisedTensors } from '../convert/quantised-tensors.ts';
import type { EngineDevice } from '../device/device.ts';
import type { MemoryLimits } from '../device/memory.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import type { GgufTensor } from '../formats/gguf.ts';
import type { AttentionShape } from '../kernels/attention.ts';
import { allocateShapes } from '../kernels/buffer-shape.ts';
import { pagePositions } from '../kernels/cache-format.ts';
import type { KernelNeeds } from '../kernels/registry/kernel-entry.ts';
import { kernelProblems } from '../kernels/registry/registry.ts';
import { LanguageModel } from '../models/language-model.ts';
import { attentionShapes, cacheShapeOf, llamaShapes } from '../models/llama/llama.ts';
import type { LlamaConfig } from '../models/llama/llama-config.ts';
import { joinedTensors } from '../models/llama/llama-tensors.ts';
import { llamaWork } from '../models/llama/llama-work.ts';
import { frequencyFactors, writeRotations } from '../models/llama/rotations.ts';
import { readIdentity } from '../models/read-identity.ts';
import { readSamplingDefaults } from '../models/read-sampling-defaults.ts';
import { bytesOfSequences } from '../models/sequences.ts';
import { DeviceWeights } from '../models/tensors/device-weights.ts';
import type { HeldTensor } from '../models/tensors/held-tensor.ts';
import { KvCache, type KvCacheShape, pagesFor, tokenBytesOf } from '../models/tensors/kv-cache.ts';
import { typesBySize } from '../models/tensors/tensor-checks.ts';
import { mostFeatureBytes, VisionEncoder } from '../models/vision/vision-encoder.ts';
import type { VisionFile } from '../models/vision/vision-file.ts';
import { visionWork } from '../models/vision/vision-work.ts';
import { dequantizeTensor } from '../quant/dequantize.ts';
import { selfTest } from '../self-test/self-test.ts';
import { tunableLlama } from '../tuner/tunable-llama.ts';
import { Tuner, type TuningOptions } from '../tuner/tuner.ts';
import type { LoadProgress } from '../types/load-progress.ts';
import { type ModelPlan, mostBytes } from '../types/memory.ts';
import type { ModelInfo } from '../types/model.ts';
import type { ModelIdentity } from '../types/model-identity.ts';
import type { Precision } from '../types/precision.ts';
import type { Quantisation } from '../types/quantisation.ts';
import type { FileSampling } from '../types/sampling.ts';
import { type ChunkTokens, chunksToTry, chunkTokensOf, shortestChunkFor } from './chunk-tokens.ts';
import type { Tempo } from './estimate-pace.ts';
import { kernelNeeds } from './kernel-needs.ts';
import { type ModelBuffer, modelBuffers, scorerShapes } from './model-buffers.ts';
import { largestPiece, planMemory } from './plan-memory.ts';
import { precompile } from './precompile.ts';
import { readHeaders } from './read-headers.ts';
import { requirePace } from './require-pace.ts';
import { requireRoom } from './require-room.ts';
import { runTogether } from './run-together.ts';
import { uploadEncoder } from './upload-encoder.ts';
import { uploadWeights } from './upload-weights.ts';

export type { LanguageModel } from '../models/language-model.ts';

/** Without a request: more than a consultation needs, and a KV cache that small devices can hold. */
const defaultContextTokens = 4096;

export interface LoadOptions {
  /** Storage of the KV cache. */
  precision: Precision;
  /** Upper bound for the KV cache in tokens; the model's own limit if smaller. */
  contextTokens?: number;
  /** Tokens of a prompt that are read at once, at most; by default what the device and its memory are good for. */
  chunkTokens?: ChunkTokens | undefined;
  /** Several answers at once that there is to be room for, of at most so many tokens each: see `generateSamples`. */
  answers?: { count: number; tokens: number } | undefined;
  /** The image half (mmproj) of a model of two files. */
  vision?: ByteSource;
  /** The slowest that is loaded, of models on a processor; by default any. */
  accepts?: Tempo | undefined;
  /** With it the forms of kernels are chosen that are fastest on this device; without it all are the defaults. */
  tuning?: TuningOptions | undefined;
  signal?: AbortSignal;
  onProgress?: (progress: Omit<LoadProgress, 'fromStore'>) => void;
}

type PlanOptions = Pick<LoadOptions, 'precision' | 'contextTokens' | 'chunkTokens' | 'answers'>;

/**
 * Reads a GGUF file's header, checks it against the architecture, allocates everything that the model will hold, then moves
 * the weights to the device while the kernels are compiled and tested; the image half likewise, where there is one. Nothing
 * is allocated before the headers have proven sound, no matrix is read before all of them have found room, and there is no
 * model before the self-test has passed. On failure everything is released.
 */
export async function loadModel(
  device: EngineDevice,
  source: ByteSource,
  options: LoadOptions,
): Promise<LanguageModel> {
  const { signal } = options;
  const progress = options.onProgress ?? (() => undefined);
  progress({ phase: 'header', done: 0, total: 0 });
  const headers = await readHeaders(source, options.vision, signal);
  const { file, config, tensors, tokenizer, fileTemplate, visionFile } = headers;

  const shape = attentionShape(device, config, options);
  const shapes = attentionShapes(config, shape);
  const matrices = heldTensors(tensors);
  const chunks = chunksToTry(device, options.chunkTokens, leastChunk(visionFile));
  const planFor = ({ quantisation, ...choice }: PlanOptions & { quantisation?: Quantisation }) => {
    const { answers } = options;
    const planned = quantisation ? quantisedTensors(matrices, quantisation, config) : matrices;
    return planLoading(
      device,
      config,
      planned,
      { ...choice, answers, chunkTokens: chunks.at(-1) },
      visionFile,
    ).plan;
  };
  const requests = chunks.map(chunkTokens => ({
    ...planLoading(device, config, matrices, { ...options, chunkTokens }, visionFile),
    planFor,
  }));
  requirePace(device.report, requests[0]!.plan.work, options.accepts ?? 'too-slow');
  const heldBytes = device.memory.bytes;
  let granted = await requireRoom(device, requests, signal);

  const kernels = kernelNeeds(tensors, config.parts, shapes, visionFile);
  // What was chosen for the model before.
  device.variant = { ...device.variant, choices: undefined };
  const { tuning: wish } = options;
  const tuner = wish && new Tuner(device, kernelProblems(kernels), JSON.stringify([config, kernels]), wish);
  precompile(device, kernels);
  // From here on the caller may give up what the device holds.
  progress({ phase: 'allocate', done: 0, total: 1 });
  try {
    if (heldBytes > 0) granted = await requireRoom(device, requests.slice(requests.indexOf(granted)), signal);
    const { plan } = granted;
    const { chunkTokens } = plan;
    const factors = await readFrequencyFactors(source, frequencyFactors(config, tensors));
    const weights = await DeviceWeights.allocate(device, matrices, joinedTensors(config));
    const vision = visionFile && (await VisionEncoder.allocate(device, visionFile));
    const cache = await KvCache.allocate(device, cacheShapeOf(config, shape, chunkTokens));
    const working = await allocateShapes(device, llamaShapes(config, shape, chunkTokens));
    writeRotations(device, config, working, cache.capacity, factors);
    const scoring = visionFile && scorerShapes(config, shape, chunkTokens, visionFile);
    const scorer = scoring && (await allocateShapes(device, scoring));

    const textBytes = sumBytes(matrices);
    const total = textBytes + (visionFile ? sumBytes(visionFile.tensors.values()) : 0);
    progress({ phase: 'upload', done: 0, total });
    let isTested = false;
    let isUploaded = false;
    await runTogether(
      [
        async stop => {
          await testKernels(device, kernels, stop);
          isTested = true;
          await tuner?.begin();
          await tuner?.checkAhead(stop, () => isUploaded);
        },
        async stop => {
          const upload = (before: number) => ({
            signal: stop,
            onUpload: (done: number) => progress({ phase: 'upload', done: before + done, total }),
          });
          await uploadWeights(device, weights, source, upload(0));
          if (vision) await uploadEncoder(device, vision, options.vision!, upload(textBytes));
          isUploaded = true;
          if (!isTested) progress({ phase: 'self-test', done: 0, total: 1 });
        },
      ],
      signal,
    );
    progress({ phase: 'self-test', done: 1, total: 1 });

    const tuning = await tuner?.settle(
      tunableLlama({ device, config, weights, buffers: working, cache, shape }),
      signal,
      (done, total) => progress({ phase: 'tuning', done, total }),
    );
    progress({ phase: 'prepare', done: 0, total: 1 });
    await vision?.prepare();
    const model = await LanguageModel.create({
      device,
      config,
      weights,
      buffers: working,
      cache,
      shape,
      tokenizer,
      fileTemplate,
      chunkTokens,
      kernels,
      vision,
      scorer,
    });
    const identity = await readIdentity(file, source.name);
    model.info = describeModel(
      model,
      { identity, sampling: readSamplingDefaults(file) },
      tensors,
      plan,
      visionFile,
    );
    if (tuning) model.info.tuning = tuning;
    progress({ phase: 'prepare', done: 1, total: 1 });
    device.check();
    return model;
  } catch (error) {
    device.memory.releaseAll();
    throw error;
  }
}

/** Of both halves. Compiles what is not compiled yet; allocates only what it releases. */
async function testKernels(
  device: EngineDevice,
  { text, vision }: KernelNeeds,
  signal: AbortSignal,
): Promise<void> {
  await selfTest(device, { text }, signal);
  if (!vision) return;
  let tested = device.variant;
  await selfTest(device, { vision }, signal);
  // One half fell back to plainer kernels: the other's have not been tested in that form.
  while (device.variant !== tested) {
    tested = device.variant;
    await selfTest(device, { text }, signal);
    if (device.variant !== tested) await selfTest(device, { vision }, signal);
  }
}

/**
 * What `loadModel` would take of a device with these limits; reads nothing but the headers.
 * @throws what is wrong with them, as `loadModel` does
 */
export async function planModel(
  device: MemoryLimits,
  source: ByteSource,
  options: PlanOptions & Pick<LoadOptions, 'vision' | 'signal'>,
): Promise<ModelPlan> {
  const { config, tensors, visionFile } = await readHeaders(source, options.vision, options.signal);
  return planLoading(device, config, heldTensors(tensors), options, visionFile).plan;
}

/** What loading would take and every buffer it would make, from headers that have been read. */
export function planLoading(
  device: MemoryLimits,
  config: LlamaConfig,
  tensors: readonly GgufTensor[],
  options: PlanOptions,
  visionFile: VisionFile | undefined,
): { plan: ModelPlan; buffers: ModelBuffer[] } {
  const shape = attentionShape(device, config, options);
  const fewestTokens = leastChunk(visionFile);
  const chunkTokens = chunkTokensOf(device, options.chunkTokens, fewestTokens);
  const buffersWith = (tokens: ChunkTokens) =>
    modelBuffers(device, config, tensors, shape, tokens, visionFile);
  const buffers = buffersWith(chunkTokens);
  const wantedContextTokens = wantedContext(config, options);
  const contextTokens = Math.min(shape.pages * pagePositions, wantedContextTokens);
  const cacheShape = cacheShapeOf(config, shape, chunkTokens);
  const asking = {
    features: visionFile ? mostFeatureBytes(visionFile.config, contextTokens) : 0,
    answers: options.answers ? answersBytes(config, cacheShape, options.answers) : 0,
  };
  const memory = planMemory(buffers, asking);
  const fewest = chunksToTry(device, options.chunkTokens, fewestTokens).at(-1)!;
  const least = fewest === chunkTokens ? memory : planMemory(buffersWith(fewest), asking);
  const { statedContextTokens: stated } = config;
  const elements = tensors.reduce((sum, tensor) => sum + tensor.elements, 0);
  const plan = {
    memory,
    work: {
      ...llamaWork(config, memory.weights / elements),
      ...(visionFile ? { tile: visionWork(visionFile.config) } : {}),
    },
    precision: options.precision,
    contextTokens,
    wantedContextTokens,
    ...(stated ? { heldTo: { tokens: config.contextTokens, ofTokens: stated } } : {}),
    tokenBytes: tokenBytesOf(cacheShape),
    chunkTokens,
    leastBytes: mostBytes(least),
    largest: largestPiece(device, buffers),
  };
  return { plan, buffers };
}

function answersBytes(
  config: LlamaConfig,
  cache: KvCacheShape,
  { count, tokens }: NonNullable<LoadOptions['answers']>,
): number {
  // The last token of an answer is not fed.
  const positions = Math.min(tokens, cache.pages * pagePositions) - 1;
  return bytesOfSequences(config, cache, { count, positions: Math.max(0, positions) });
}

/** What a step has to have room for: a picture, where its tokens see each other. */
function leastChunk(vision: VisionFile | undefined): ChunkTokens | undefined {
  return vision?.config.kind === 'siglip' ? shortestChunkFor(vision.config.tokensPerTile) : undefined;
}

/** All but the factors that only the table of rotations is made from. */
export function heldTensors(tensors: ReadonlyMap<string, HeldTensor>): HeldTensor[] {
  return [...tensors.values()].filter(tensor => !/^rope_(freqs|factors_\w+)\.weight$/.test(tensor.name));
}

function wantedContext(config: LlamaConfig, { contextTokens }: Pick<LoadOptions, 'contextTokens'>): number {
  return Math.min(config.contextTokens, contextTokens ?? defaultContextTokens);
}

function attentionShape(
  device: MemoryLimits,
  config: LlamaConfig,
  options: Pick<LoadOptions, 'precision' | 'contextTokens'>,
): AttentionShape {
  const wanted = wantedContext(config, options);
  const { heads, kvHeads, headDim, ropeDimensions } = config;
  const pages = pagesFor(device, wanted, kvHeads, headDim, options.precision);
  return { heads, kvHeads, headDim, ropeDimensions, pages, cache: options.precision };
}

async function readFrequencyFactors(
  source: ByteSource,
  tensor: GgufTensor | undefined,
): Promise<Float32Array | undefined> {
  if (!tensor) return undefined;
  return dequantizeTensor(tensor.type, await source.read(tensor.offset, tensor.bytes));
}

const cacheNames: Readonly<Record<Precision, string>> = { f32: 'f32', f16: 'f16', q8: '8-bit', q4: '4-bit' };

function describeModel(
  model: LanguageModel,
  { identity, sampling }: { identity: ModelIdentity; sampling: FileSampling | undefined },
  tensors: Map<string, GgufTensor>,
  plan: ModelPlan,
  visionFile: VisionFile | undefined,
): ModelInfo {
  const { device } = model;
  const tensorTypes = typesBySize(tensors.values());
  const { precision } = plan;
  return {
    name: identity.name,
    identity,
    ...(sampling ? { sampling } : {}),
    architecture: identity.architecture,
    parameterCount: identity.parameterCount,
    contextTokens: model.contextTokens,
    fileBytes: identity.fileBytes,
    device: device.report,
    deviceBytes: device.memory.bytes,
    plan,
    precision,
    tensorTypes,
    ...(model.fileTemplate ? { template: model.fileTemplate.summary } : {}),
    ...(visionFile ? { vision: visionFile.info } : {}),
    variant: `${kernelsOf(device)}, ${cacheNames[precision]} KV cache`,
  };
}

function kernelsOf({ report, variant }: EngineDevice): string {
  if (report.kind === 'processor') return 'WebAssembly SIMD';
  return `${variant.subgroups ? 'subgroups' : 'no subgroups'}${variant.small ? ', small kernels' : ''}`;
}

function sumBytes(tensors: Iterable<GgufTensor>): number {
  let bytes = 0;
  for (const tensor of tensors) bytes += tensor.bytes;
  return bytes;
}
