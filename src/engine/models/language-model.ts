import type { EngineDevice } from '../device/device.ts';
import type { CommandList, Dispatch, Step } from '../device/dispatch.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { ReadbackRing, readBuffer } from '../device/readback.ts';
import { BedsideError } from '../errors.ts';
import { allocateShapes, arrayShape } from '../kernels/buffer-shape.ts';
import type { Matrix } from '../kernels/matrix.ts';
import type { KernelNeeds } from '../kernels/registry/kernel-entry.ts';
import { candidateCount, createArgmax, createTopK, topKShapes } from '../kernels/sample.ts';
import { sentence } from '../sentence.ts';
import type { FileTemplate } from '../templates/file-template.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { MemoryPlan } from '../types/memory.ts';
import type { ModelInfo } from '../types/model.ts';
import type { VisionEncoder } from './intern-vit/vision-encoder.ts';
import { KeyScorer, type KeyScorerBuffers } from './llama/key-scorer.ts';
import { buildLlamaEmbedding, buildLlamaHead, buildLlamaHeadForAll, type StepKind } from './llama/llama.ts';
import type { LlamaConfig } from './llama/llama-config.ts';
import { buildLlamaLayer, type LlamaLayer, type LlamaParts } from './llama/llama-layer.ts';
import type { FeatureRun } from './tensors/image-features.ts';
import type { KvCache } from './tensors/kv-cache.ts';

/** Greedy steps that may be submitted before the first of them is read back. */
export const stepsInFlight = 3;
const idBytes = 8;
const candidateBytes = candidateCount * 8;

/** What is read back, through how many staging buffers: ids, candidates, logits. */
export function readbacks(vocabulary: number) {
  return [
    { bytes: idBytes, slots: stepsInFlight + 1 },
    { bytes: candidateBytes, slots: 1 },
    { bytes: 4 * vocabulary, slots: 1 },
  ] as const;
}

/** What choosing the next token on the GPU leaves, for the plan and for allocation. */
export function choiceShapes({ vocabulary }: LlamaConfig) {
  return { result: arrayShape('argmax result', idBytes, 1), ...topKShapes(vocabulary) };
}

/** The most likely tokens, best first. */
export interface Candidates {
  ids: Uint32Array;
  logits: Float32Array;
}

export interface LanguageModelParts extends LlamaParts {
  tokenizer: Tokenizer;
  /** Absent where the file brings no template. */
  fileTemplate?: FileTemplate | undefined;
  /** Most tokens of one prefill submit. */
  chunkTokens: number;
  /** What it launches, for a test of the device. */
  kernels: KernelNeeds;
  /** The image half, of a model that has one. */
  vision?: VisionEncoder;
  /** What choosing visual tokens needs; without it all are kept. */
  scorer?: KeyScorerBuffers;
}

/**
 * A loaded model: prefill, decode, logits. It knows nothing of text or sampling; `generation/` drives it.
 * The KV cache's `keys` always say which tokens, or rows of images, are in it.
 */
export class LanguageModel {
  readonly device: EngineDevice;
  readonly config: LlamaConfig;
  readonly tokenizer: Tokenizer;
  /** The template that its file brings, whether it can be used or not. */
  readonly fileTemplate: FileTemplate | undefined;
  readonly cache: KvCache;
  readonly chunkTokens: number;
  /** Absent where the model reads text alone. */
  readonly vision: VisionEncoder | undefined;
  info!: ModelInfo;
  readonly #parts: LanguageModelParts;
  /** Apart from the layers, because rows of images may take its place before those run. */
  #embedding!: Dispatch[];
  #one!: LlamaLayer[];
  #many!: LlamaLayer[];
  /** One token's embedding, layers, logits, and the choice of the next one on the GPU. */
  #greedyStep: Dispatch[] = [];
  /** The same, with the candidates among which the host chooses. */
  #sampledStep: Dispatch[] = [];
  #headOfOne: Dispatch[] = [];
  #headOfMany: Dispatch[] = [];
  #argmax!: Dispatch;
  #topK!: { dispatches: Dispatch[]; candidates: DeviceBuffer };
  #idReadback!: ReadbackRing;
  #candidateReadback!: ReadbackRing;
  #logitsReadback!: ReadbackRing;
  #result!: DeviceBuffer;
  #keyScorer: KeyScorer | undefined;

  private constructor(parts: LanguageModelParts) {
    this.#parts = parts;
    this.device = parts.device;
    this.config = parts.config;
    this.tokenizer = parts.tokenizer;
    this.fileTemplate = parts.fileTemplate;
    this.cache = parts.cache;
    this.chunkTokens = parts.chunkTokens;
    this.vision = parts.vision;
  }

  static async create(parts: LanguageModelParts): Promise<LanguageModel> {
    const { device, config, weights, buffers, cache, shape, scorer } = parts;
    const model = new LanguageModel(parts);
    const build = async (kind: StepKind): Promise<LlamaLayer[]> => {
      const layers: LlamaLayer[] = [];
      for (let layer = 0; layer < config.layers; layer++) {
        layers.push(await buildLlamaLayer(parts, kind, layer));
      }
      return layers;
    };
    model.#embedding = await buildLlamaEmbedding(device, weights, buffers);
    model.#one = await build('one');
    model.#many = await build('many');
    model.#headOfOne = await buildLlamaHead(device, config, weights, buffers, 'one');
    model.#headOfMany = await buildLlamaHead(device, config, weights, buffers, 'many');
    const choice = await allocateShapes(device, choiceShapes(config));
    model.#result = choice.result;
    model.#argmax = await createArgmax(device, buffers.logits, buffers.ids, model.#result, config.vocabulary);
    model.#topK = await createTopK(device, buffers.logits, config.vocabulary, choice);
    const decode = [...model.#embedding, ...allLayers(model.#one), ...model.#headOfOne];
    model.#greedyStep = [...decode, model.#argmax];
    model.#sampledStep = [...decode, ...model.#topK.dispatches];
    const [ids, candidates, logits] = readbacks(config.vocabulary);
    model.#idReadback = await ReadbackRing.create(device, ids.bytes, ids.slots);
    model.#candidateReadback = await ReadbackRing.create(device, candidates.bytes, candidates.slots);
    model.#logitsReadback = await ReadbackRing.create(device, logits.bytes, logits.slots);
    if (scorer) {
      const { q, state } = buffers;
      model.#keyScorer = await KeyScorer.create(device, shape, q.buffer, cache, state, model.#many, scorer);
    }
    return model;
  }

  /** What it was to hold on the device, to compare with what it holds. */
  get memoryPlan(): MemoryPlan {
    return this.info.plan.memory;
  }

  /** Chooses visual tokens to keep; of models that see images. */
  get keyScorer(): KeyScorer | undefined {
    return this.#keyScorer;
  }

  /** The model's matrices by tensor name. */
  get matrices(): ReadonlyMap<string, Matrix> {
    return this.#parts.weights.matrices;
  }

  /** What its kernels are compiled for. */
  get kernels(): KernelNeeds {
    return this.#parts.kernels;
  }

  /** Launches of one decoded token, for the benchmark's report. */
  get dispatchesPerToken(): number {
    return this.#greedyStep.length;
  }

  /** Tokens that may be in the cache: the model's limit, or what the cache has room for. */
  get contextTokens(): number {
    return Math.min(this.cache.capacity, this.config.contextTokens);
  }

  /**
   * Submits one step of 1 to `chunkTokens` tokens after what the cache holds; with `head`, their last token's logits are
   * computed too. Rows of images in `runs` take the place of those tokens' embeddings, and `keys` then identifies them
   * in the cache. Does not wait.
   */
  submitTokens(
    ids: readonly number[],
    head: boolean,
    runs: readonly FeatureRun[] = [],
    keys: readonly number[] = ids,
  ): void {
    const step = this.#begin(ids, this.cache.keys.length);
    const [layers, logits] = ids.length === 1 ? [this.#one, this.#headOfOne] : [this.#many, this.#headOfMany];
    const commands = this.device.begin();
    this.#encodeStep(commands, [...allLayers(layers), ...(head ? logits : [])], runs, step);
    commands.submit();
    this.cache.keys.push(...keys);
  }

  /**
   * Submits the part of a step at `position` that scores keys (see KeyScorer). It overwrites the cache of the layers it
   * runs through, so the caller truncates the cache to where it began.
   */
  submitScoring(ids: readonly number[], position: number, runs: readonly FeatureRun[]): void {
    const step = this.#begin(ids, position);
    const commands = this.device.begin();
    this.#encodeStep(commands, this.#keyScorer!.dispatches, runs, step);
    commands.submit();
  }

  /** Waits until everything submitted is done. */
  async settle(): Promise<void> {
    await this.device.settled();
  }

  /**
   * Submits the choice of the next token from the logits at hand: the most likely one, which becomes the input of the
   * next `submitStep`. The returned function waits for its id and throws when a logit was not finite.
   */
  submitArgmax(): () => Promise<number> {
    const commands = this.device.begin();
    commands.launch([this.#argmax], { position: 0, tokens: 1 });
    const read = this.#idReadback.record(commands, this.#result);
    commands.submit();
    return async () => new Uint32Array(await read())[0]!;
  }

  /**
   * Submits one decode step at `position` for the token that the GPU chose last, and the choice of the one after.
   * One compute pass; nothing is allocated. The caller keeps `cache.keys` in step once it knows the token.
   * @throws `context-full` past the last position
   */
  submitGreedyStep(position: number): () => Promise<number> {
    if (position >= this.contextTokens) throw contextFullError(this.contextTokens);
    const step = { position, tokens: 1 };
    this.#writeState(step);
    const commands = this.device.begin();
    commands.launch(this.#greedyStep, step);
    const read = this.#idReadback.record(commands, this.#result);
    commands.submit();
    return async () => new Uint32Array(await read())[0]!;
  }

  /**
   * Submits one decode step for `id` and the search for the tokens that may follow it. One compute pass; nothing is
   * allocated. The returned function waits for them and must be called before the next such step.
   * @throws `context-full` past the last position
   */
  submitSampledStep(id: number): () => Promise<Candidates> {
    const step = this.#begin([id], this.cache.keys.length);
    const read = this.#submitCandidates(this.#sampledStep, step);
    this.cache.keys.push(id);
    return read;
  }

  /** The `candidateCount` most likely tokens of the logits at hand. 1 KiB is read back. */
  readCandidates(): Promise<Candidates> {
    return this.#submitCandidates(this.#topK.dispatches, { position: 0, tokens: 1 })();
  }

  #submitCandidates(dispatches: Dispatch[], step: Step): () => Promise<Candidates> {
    const commands = this.device.begin();
    commands.launch(dispatches, step);
    const read = this.#candidateReadback.record(commands, this.#topK.candidates);
    commands.submit();
    return async () => {
      const pairs = new Uint32Array(await read());
      const values = new Float32Array(pairs.buffer);
      const count = Math.min(candidateCount, this.config.vocabulary);
      const ids = new Uint32Array(count);
      const logits = new Float32Array(count);
      for (let i = 0; i < count; i++) {
        logits[i] = values[2 * i]!;
        ids[i] = pairs[2 * i + 1]!;
      }
      return { ids, logits };
    };
  }

  /** All logits at hand: [vocabulary] f32. */
  async readLogits(): Promise<Float32Array> {
    const commands = this.device.begin();
    const read = this.#logitsReadback.record(commands, this.#parts.buffers.logits);
    commands.submit();
    return new Float32Array(await read(), 0, this.config.vocabulary);
  }

  /** Logits at every position of `ids`, from an empty cache: [ids, vocabulary] f32. For comparison with references. */
  async logitsOfAll(ids: readonly number[]): Promise<Float32Array> {
    const { device, config, weights, buffers } = this.#parts;
    this.cache.truncate(0);
    const out = new Float32Array(ids.length * config.vocabulary);
    const rows = Math.min(this.chunkTokens, ids.length);
    const before = device.memory.snapshot();
    const all = await device.memory.storage('all logits', rows * config.vocabulary * 4);
    try {
      const head = await buildLlamaHeadForAll(device, config, weights, buffers, all);
      for (let start = 0; start < ids.length; start += rows) {
        const chunk = ids.slice(start, start + rows);
        const step = this.#begin(chunk, this.cache.keys.length);
        const layers = chunk.length === 1 ? this.#one : this.#many;
        const commands = device.begin();
        commands.launch([...this.#embedding, ...allLayers(layers), ...head], step);
        commands.submit();
        const bytes = chunk.length * config.vocabulary * 4;
        out.set(new Float32Array(await readBuffer(device, all, bytes)), start * config.vocabulary);
        this.cache.keys.push(...chunk);
      }
    } finally {
      device.memory.releaseExcept(before);
    }
    return out;
  }

  destroy(): void {
    // Everything this device holds belongs to the one model on it, small uniforms included.
    this.device.memory.releaseAll();
  }

  /** One compute pass, or two where rows of images take the place of embeddings in between. */
  #encodeStep(
    commands: CommandList,
    dispatches: readonly Dispatch[],
    runs: readonly FeatureRun[],
    step: Step,
  ): void {
    if (runs.length === 0) {
      commands.launch([...this.#embedding, ...dispatches], step);
      return;
    }
    commands.launch(this.#embedding, step);
    const { x } = this.#parts.buffers;
    for (const { at, count, features, row } of runs) {
      const rowBytes = features.stride * 4;
      commands.copy(features.buffer, row * rowBytes, x.buffer, at * rowBytes, count * rowBytes);
    }
    commands.launch(dispatches, step);
  }

  #begin(ids: readonly number[], position: number): Step {
    this.device.check();
    const step = { position, tokens: ids.length };
    const outside = ids.find(id => !(Number.isInteger(id) && id >= 0 && id < this.config.vocabulary));
    if (outside !== undefined || ids.length === 0 || ids.length > this.chunkTokens) {
      throw new BedsideError(
        'invalid-request',
        outside === undefined
          ? sentence`wrong-number-of-tokens: A step must have 1 to ${{ most: this.chunkTokens }} tokens, not ${{ tokens: ids.length }}.`
          : sentence`token-out-of-range: ${{ token: String(outside) }} is not a token of this model; its vocabulary has ${{ vocabulary: this.config.vocabulary }} entries.`,
        'Check the token ids.',
      );
    }
    if (step.position + ids.length > this.contextTokens) throw contextFullError(this.contextTokens);
    this.device.write(this.#parts.buffers.ids, 0, Uint32Array.from(ids));
    this.#writeState(step);
    return step;
  }

  #writeState(step: Step): void {
    const words = new Uint32Array([step.position, step.tokens]);
    this.device.write(this.#parts.buffers.state, 0, words);
  }
}

function allLayers(layers: readonly LlamaLayer[]): Dispatch[] {
  return layers.flatMap(({ projections, rest }) => [...projections, ...rest]);
}

/** `tokens`: those of the question, where they were counted. */
export function contextFullError(limit: number, tokens?: number): BedsideError {
  return new BedsideError(
    'context-full',
    tokens === undefined
      ? sentence`text-longer-than-context: The text is longer than the ${{ contextTokens: limit }} tokens that this model can read at once.`
      : sentence`question-longer-than-context: The question has ${{ tokens }} tokens; this model can read ${{ contextTokens: limit }} tokens at once, question and answer included.`,
    'Shorten the question, or choose a model that reads more.',
  );
}
