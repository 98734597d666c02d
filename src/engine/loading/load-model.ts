import type { EngineDevice } from '../device/device.ts';
import type { MemoryLimits } from '../device/memory.ts';
import { BedsideError } from '../errors.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import type { GgufTensor } from '../formats/gguf.ts';
import type { AttentionShape } from '../kernels/attention.ts';
import { allocateShapes } from '../kernels/buffer-shape.ts';
import { pagePositions } from '../kernels/cache-format.ts';
import type { KernelNeeds } from '../kernels/registry/kernel-entry.ts';
import { rotationTable } from '../kernels/rotation-table.ts';
import { VisionEncoder } from '../models/intern-vit/vision-encoder.ts';
import type { VisionFile } from '../models/intern-vit/vision-file.ts';
import { LanguageModel } from '../models/language-model.ts';
import { keyScorerShapes } from '../models/llama/key-scorer.ts';
import { llamaShapes } from '../models/llama/llama.ts';
import type { LlamaConfig } from '../models/llama/llama-config.ts';
import { joinedTensors } from '../models/llama/llama-tensors.ts';
import { readIdentity } from '../models/read-identity.ts';
import { readSamplingDefaults } from '../models/read-sampling-defaults.ts';
import { DeviceWeights } from '../models/tensors/device-weights.ts';
import { KvCache, pagesFor } from '../models/tensors/kv-cache.ts';
import { typesBySize } from '../models/tensors/tensor-checks.ts';
import { dequantizeTensor } from '../quant/dequantize.ts';
import { placements } from '../quant/gpu-formats.ts';
import { selfTest } from '../self-test/self-test.ts';
import { sentence } from '../sentence.ts';
import type { LoadProgress } from '../types/load-progress.ts';
import type { ModelPlan } from '../types/memory.ts';
import type { ModelInfo } from '../types/model.ts';
import type { ModelIdentity } from '../types/model-identity.ts';
import type { Precision } from '../types/precision.ts';
import type { FileSampling } from '../types/sampling.ts';
import { kernelNeeds } from './kernel-needs.ts';
import { type ModelBuffer, modelBuffers } from './model-buffers.ts';
import { largestPiece, planMemory, probeSizes } from './plan-memory.ts';
import { precompile } from './precompile.ts';
import { readHeaders } from './read-headers.ts';
import { requireRoom } from './require-room.ts';
import { runTogether } from './run-together.ts';
import { uploadEncoder } from './upload-encoder.ts';
import { uploadWeights } from './upload-weights.ts';

export type { LanguageModel } from '../models/language-model.ts';

/** Without a request: more than a consultation needs, and a KV cache that small devices can hold. */
const defaultContextTokens = 4096;
/** Tokens of one prefill submit: short enough that the page keeps drawing. */
const prefillTokens = 128;

export interface LoadOptions {
  /** Storage of the KV cache. `f16` needs the device feature shader-f16; the others need none. */
  precision: Precision;
  /** Upper bound for the KV cache in tokens; the model's own limit if smaller. */
  contextTokens?: number;
  /** The image half (mmproj) of a model of two files. */
  vision?: ByteSource;
  signal?: AbortSignal;
  onProgress?: (progress: Omit<LoadProgress, 'fromStore'>) => void;
}

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
  requirePrecision(options.precision, device.variant.f16);

  const shape = attentionShape(device, config, options);
  const matrices = heldTensors(tensors);
  const planFor = (choice: Pick<LoadOptions, 'precision' | 'contextTokens'>) =>
    planLoading(device, config, matrices, choice, visionFile).plan;
  const { plan, buffers: made } = planLoading(device, config, matrices, options, visionFile);
  const buffers = probeSizes(made, plan.memory);
  const heldBytes = device.memory.bytes;
  await requireRoom(device, { plan, buffers, planFor }, signal);

  const kernels = kernelNeeds(tensors, shape, visionFile);
  precompile(device, kernels);
  // From here on the caller may give up what the device holds.
  progress({ phase: 'allocate', done: 0, total: 1 });
  try {
    if (heldBytes > 0) await requireRoom(device, { plan, buffers, planFor }, signal);
    const factors = await readFrequencyFactors(source, tensors.get('rope_freqs.weight'));
    const weights = await DeviceWeights.allocate(device, matrices, joinedTensors(config));
    const vision = visionFile && (await VisionEncoder.allocate(device, visionFile));
    const cache = await KvCache.allocate(device, { layers: config.layers, ...shape });
    const { ropeDimensions, ropeTheta, ropeScale } = config;
    const rotations = rotationTable(cache.capacity, ropeDimensions, ropeTheta, factors, ropeScale);
    const working = await allocateShapes(device, llamaShapes(config, shape, prefillTokens));
    device.write(working.rotations, 0, rotations);
    const scoring =
      visionFile && keyScorerShapes(config, shape, prefillTokens, visionFile.config.tokensPerTile);
    const scorer = scoring && (await allocateShapes(device, scoring));

    const textBytes = sumBytes(matrices);
    const total = textBytes + (visionFile ? sumBytes(visionFile.tensors.values()) : 0);
    progress({ phase: 'upload', done: 0, total });
    let isTested = false;
    await runTogether(
      [
        async stop => {
          await testKernels(device, kernels, stop);
          isTested = true;
        },
        async stop => {
          const upload = (before: number) => ({
            signal: stop,
            onUpload: (done: number) => progress({ phase: 'upload', done: before + done, total }),
          });
          await uploadWeights(device, weights, source, upload(0));
          if (vision) await uploadEncoder(device, vision, options.vision!, upload(textBytes));
          if (!isTested) progress({ phase: 'self-test', done: 0, total: 1 });
        },
      ],
      signal,
    );
    progress({ phase: 'self-test', done: 1, total: 1 });

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
      chunkTokens: prefillTokens,
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
  const { variant } = device;
  await selfTest(device, { vision }, signal);
  // It fell back to plain kernels: the language model's have not been tested in that form.
  if (device.variant !== variant) await selfTest(device, { text }, signal);
}

/** Throws `adapter-too-small` where a KV cache of this precision needs what the device has not. */
export function requirePrecision(precision: Precision, hasF16: boolean): void {
  if (precision !== 'f16' || hasF16) return;
  throw new BedsideError(
    'adapter-too-small',
    sentence`device-without-f16: This graphics device does not offer 16-bit numbers in shaders.`,
    'In the settings, choose 32 bits or 8 bits for the memory of the conversation.',
  );
}

/**
 * What `loadModel` would take of a device with these limits; reads nothing but the headers.
 * @throws what is wrong with them, as `loadModel` does
 */
export async function planModel(
  device: MemoryLimits,
  source: ByteSource,
  options: Pick<LoadOptions, 'precision' | 'contextTokens' | 'vision' | 'signal'>,
): Promise<ModelPlan> {
  const { config, tensors, visionFile } = await readHeaders(source, options.vision, options.signal);
  return planLoading(device, config, heldTensors(tensors), options, visionFile).plan;
}

/** What loading would take and every buffer it would make, from headers that have been read. */
export function planLoading(
  device: MemoryLimits,
  config: LlamaConfig,
  tensors: readonly GgufTensor[],
  options: Pick<LoadOptions, 'precision' | 'contextTokens'>,
  visionFile: VisionFile | undefined,
): { plan: ModelPlan; buffers: ModelBuffer[] } {
  const shape = attentionShape(device, config, options);
  const buffers = modelBuffers(device, config, tensors, shape, prefillTokens, visionFile);
  const wantedContextTokens = wantedContext(config, options);
  const plan = {
    memory: planMemory(buffers),
    precision: options.precision,
    contextTokens: Math.min(shape.pages * pagePositions, wantedContextTokens),
    wantedContextTokens,
    largest: largestPiece(device, buffers),
  };
  return { plan, buffers };
}

/** All but the factors that only the table of rotations is made from. */
export function heldTensors(tensors: ReadonlyMap<string, GgufTensor>): GgufTensor[] {
  return [...tensors.values()].filter(tensor => tensor.name !== 'rope_freqs.weight');
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

const cacheNames: Readonly<Record<Precision, string>> = { f32: 'f32', f16: 'f16', q8: '8-bit' };

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
    deviceBytes: device.memory.bytes,
    plan,
    precision,
    tensorTypes,
    repacked: tensorTypes
      .filter(type => placements[type]?.repacked)
      .map(type => `${type} as ${placements[type]!.format.describe}`),
    ...(model.fileTemplate ? { template: model.fileTemplate.summary } : {}),
    ...(visionFile ? { vision: visionFile.info } : {}),
    variant: `${device.variant.subgroups ? 'subgroups' : 'no subgroups'}, ${cacheNames[precision]} KV cache`,
  };
}

function sumBytes(tensors: Iterable<GgufTensor>): number {
  let bytes = 0;
  for (const tensor of tensors) bytes += tensor.bytes;
  return bytes;
}
