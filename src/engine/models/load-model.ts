import { BedsideError } from '../errors.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import { type GgufFile, type GgufTensor, parseGguf } from '../formats/gguf.ts';
import { KvCache, pagesFor } from '../generation/kv-cache.ts';
import type { EngineDevice } from '../gpu/device.ts';
import type { AttentionShape } from '../kernels/attention.ts';
import { rotationTable } from '../kernels/rotation-table.ts';
import { dequantizeTensor } from '../quant/dequantize.ts';
import { placements } from '../quant/gpu-formats.ts';
import { createTokenizer } from '../tokenizer/tokenizer.ts';
import { readVocabulary } from '../tokenizer/vocabulary.ts';
import type { LoadProgress, ModelInfo, Precision } from '../types.ts';
import { allocateKeyScorerBuffers, mostScoredTokens, scoringLayer } from './key-scorer.ts';
import { LanguageModel } from './language-model.ts';
import { allocateLlamaBuffers } from './llama.ts';
import { type LlamaConfig, readLlamaConfig } from './llama-config.ts';
import { checkLlamaTensors, joinedTensors } from './llama-tensors.ts';
import { planMemory } from './memory-plan.ts';
import { precompile } from './precompile.ts';
import { selfTest } from './self-test.ts';
import { typesBySize } from './tensor-checks.ts';
import { VisionEncoder } from './vision-encoder.ts';
import { checkHalves, readVisionFile, type VisionFile } from './vision-file.ts';
import { precompileVision } from './vision-precompile.ts';
import { visionSelfTest } from './vision-self-test.ts';
import { Weights } from './weights.ts';

export type { LanguageModel } from './language-model.ts';

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
 * Reads a GGUF file's header, checks it against the architecture, self-tests the kernels, allocates everything that the
 * model will hold, then moves the weights to the device; the image half likewise, where there is one. Nothing is allocated
 * before the headers have proven sound, and no matrix is read before all of them have found room. On failure everything
 * is released.
 */
export async function loadModel(
  device: EngineDevice,
  source: ByteSource,
  options: LoadOptions,
): Promise<LanguageModel> {
  const { signal } = options;
  const progress = options.onProgress ?? (() => undefined);
  progress({ phase: 'header', done: 0, total: 0 });
  const file = await parseGguf(source, { signal });
  const config = readLlamaConfig(file);
  const tensors = checkLlamaTensors(file, config);
  const tokenizer = createTokenizer(readVocabulary(file.metadata));
  if (tokenizer.vocabularySize > config.vocabulary) {
    throw new BedsideError(
      'invalid-model',
      `The vocabulary has ${tokenizer.vocabularySize} entries but the model only ${config.vocabulary}.`,
      'The file is inconsistent. Get it again, or choose another.',
    );
  }
  const visionFile = options.vision && (await readVisionFile(options.vision, signal));
  if (visionFile) checkHalves(visionFile.config, config, tokenizer);
  if (options.precision === 'f16' && !device.variant.f16) {
    throw new BedsideError(
      'adapter-too-small',
      'This graphics device does not offer 16-bit numbers in shaders.',
      'In the settings, choose 32 bits or 8 bits for the memory of the conversation.',
    );
  }

  const shape = attentionShape(device, config, options);
  const types = new Set([...tensors.values()].filter(t => t.shape.length === 2).map(t => t.typeName));
  precompile(device, types, tensors.get('token_embd.weight')!.typeName, shape);
  if (visionFile) precompileVision(device, visionFile.matrixTypes, visionFile.config, shape);
  const matrices = [...tensors.values()].filter(tensor => tensor.name !== 'rope_freqs.weight');
  progress({ phase: 'self-test', done: 0, total: 1 });
  try {
    await selfTest(device, types, shape);
    if (visionFile) {
      const { variant } = device;
      await visionSelfTest(device, visionFile.matrixTypes, visionFile.config, shape);
      // It fell back to plain kernels: the language model's have not been tested in that form.
      if (device.variant !== variant) await selfTest(device, types, shape);
    }
    progress({ phase: 'self-test', done: 1, total: 1 });

    const factors = await readFrequencyFactors(source, tensors.get('rope_freqs.weight'));
    const weights = await Weights.allocate(device, matrices, joinedTensors(config));
    const vision = visionFile && (await VisionEncoder.allocate(device, visionFile));
    const cache = await KvCache.allocate(device, { layers: config.layers, ...shape });
    const { ropeDimensions, ropeTheta, ropeScale } = config;
    const rotations = rotationTable(cache.capacity, ropeDimensions, ropeTheta, factors, ropeScale);
    const buffers = await allocateLlamaBuffers(device, config, shape, prefillTokens, rotations);
    const scorer =
      visionFile && config.layers > scoringLayer
        ? await allocateKeyScorerBuffers(
            device,
            shape,
            prefillTokens,
            mostScoredTokens(cache.capacity, visionFile.config.tokensPerTile),
          )
        : undefined;

    const textBytes = sumBytes(matrices);
    const total = textBytes + (visionFile ? sumBytes(visionFile.tensors.values()) : 0);
    const upload = (before: number) => ({
      signal,
      onUpload: (done: number) => progress({ phase: 'upload', done: before + done, total }),
    });
    await weights.upload(source, upload(0));
    await vision?.upload(options.vision!, upload(textBytes));

    progress({ phase: 'prepare', done: 0, total: 1 });
    const model = await LanguageModel.create({
      device,
      config,
      weights,
      buffers,
      cache,
      shape,
      tokenizer,
      chunkTokens: prefillTokens,
      vision,
      scorer,
    });
    model.plan = planMemory(config, matrices, shape, prefillTokens, visionFile);
    model.info = describeModel(model, file, tensors, options.precision, visionFile);
    progress({ phase: 'prepare', done: 1, total: 1 });
    device.check();
    return model;
  } catch (error) {
    device.memory.releaseAll();
    throw error;
  }
}

function attentionShape(device: EngineDevice, config: LlamaConfig, options: LoadOptions): AttentionShape {
  const wanted = Math.min(config.contextTokens, options.contextTokens ?? defaultContextTokens);
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
  file: GgufFile,
  tensors: Map<string, GgufTensor>,
  precision: Precision,
  visionFile: VisionFile | undefined,
): ModelInfo {
  const { device, config } = model;
  const tensorTypes = typesBySize(tensors.values());
  return {
    name: config.name,
    architecture: config.architecture,
    parameterCount: file.tensors.reduce((sum, tensor) => sum + tensor.elements, 0),
    contextTokens: model.contextTokens,
    fileBytes: file.bytes,
    deviceBytes: device.memory.bytes,
    precision,
    tensorTypes,
    repacked: tensorTypes
      .filter(type => placements[type]?.repacked)
      .map(type => `${type} as ${placements[type]!.format.describe}`),
    ...(visionFile ? { vision: visionFile.info } : {}),
    variant: `${device.variant.subgroups ? 'subgroups' : 'no subgroups'}, ${cacheNames[precision]} KV cache`,
  };
}

function sumBytes(tensors: Iterable<GgufTensor>): number {
  let bytes = 0;
  for (const tensor of tensors) bytes += tensor.bytes;
  return bytes;
}
