import type { EngineDevice } from '../device/device.ts';
import type { Dispatch, Step } from '../device/dispatch.ts';
import type { Matrix } from '../kernels/matrix.ts';
import type { KernelNeeds } from '../kernels/registry/kernel-entry.ts';
import type { FileTemplate } from '../templates/file-template.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { MemoryPlan } from '../types/memory.ts';
import type { ModelInfo } from '../types/model.ts';
import { mostDraftRows } from './draft-choice.ts';
import { DraftSteps } from './draft-steps.ts';
import { KeyScorer, type KeyScorerBuffers } from './llama/key-scorer.ts';
import { buildLlamaEmbedding, buildLlamaHead, qkvRowsOf, type StepKind } from './llama/llama.ts';
import type { LlamaConfig } from './llama/llama-config.ts';
import { buildLlamaLayer, type LlamaLayer, type LlamaParts } from './llama/llama-layer.ts';
import { PacedRun, submitWhole } from './pace/paced-run.ts';
import { StepsInFlight } from './pace/steps-in-flight.ts';
import type { SubmitPace } from './pace/submit-pace.ts';
import { pictureBegunBefore, tokensOfStep } from './picture-span.ts';
import { PromptSteps, wholeLayer } from './prompt-steps.ts';
import type { ReadPrompt } from './read-prompt.ts';
import { Sequences } from './sequences.ts';
import { StepInput } from './step-input.ts';
import type { KvCache } from './tensors/kv-cache.ts';
import { roomOfSequences } from './tensors/sequence-memory.ts';
import { type Candidates, type Drawing, TokenChoice } from './token-choice.ts';
import type { VisionEncoder } from './vision/vision-encoder.ts';
import { WholeText } from './whole-text.ts';

/** As many as there is room for logits of. */
export const mostSequences = mostDraftRows;

export interface LanguageModelParts extends LlamaParts {
  tokenizer: Tokenizer;
  /** Absent where the file brings no template. */
  fileTemplate?: FileTemplate | undefined;
  /** Most tokens of one step. */
  chunkTokens: number;
  /** What it launches, for a test of the device. */
  kernels: KernelNeeds;
  /** The image half, of a model that has one. */
  vision?: VisionEncoder;
  /** What choosing visual tokens needs; without it all are kept. */
  scorer?: KeyScorerBuffers;
}

export interface ReadOptions {
  signal?: AbortSignal | undefined;
  /** Until which position everything is done, before each step. */
  onDone?: ((until: number) => void) | undefined;
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
  /** Of answers whose tokens the device chooses. */
  readonly stepsInFlight = new StepsInFlight();
  info!: ModelInfo;
  readonly #parts: LanguageModelParts;
  readonly #input: StepInput;
  /** Apart from the layers, because rows of images may take its place before those run. */
  #embedding!: Dispatch[];
  /** One token's embedding, layers, logits, and the choice of the next one on the GPU. */
  #greedyStep: Dispatch[] = [];
  /** The same, with the candidates among which the host chooses. */
  #sampledStep: Dispatch[] = [];
  /** The same, with a token drawn from them. */
  #drawnStep: Dispatch[] = [];
  #steps!: PromptSteps;
  /** Absent where the device hears a stop itself. */
  #pace: SubmitPace | undefined;
  #choice!: TokenChoice;
  #draftSteps!: DraftSteps;
  #wholeText!: WholeText;
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
    const limits = { vocabulary: parts.config.vocabulary, contextTokens: this.contextTokens };
    this.#input = new StepInput(parts.device, parts.buffers, parts.cache, limits);
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
    model.#embedding = await buildLlamaEmbedding(device, config, weights, buffers);
    const one = await build('one');
    const many = await build('many');
    const long = cache.ring ? await build('long') : many;
    const head = await buildLlamaHead(device, config, weights, buffers);
    const launches = { embedding: model.#embedding, one, many, long, head };
    model.#steps = await PromptSteps.create(parts, launches);
    if (device.report.kind !== 'processor') model.#pace = model.#steps.createPace();
    model.#choice = await TokenChoice.create(device, config, buffers, cache.capacity);
    const decode = [...model.#embedding, ...one.flatMap(wholeLayer), ...head];
    model.#greedyStep = [...decode, ...model.#choice.argmax];
    model.#sampledStep = [...decode, ...model.#choice.topK];
    model.#drawnStep = [...decode, ...model.#choice.draw];
    model.#draftSteps = await DraftSteps.create(parts, launches, model.#input, model.#choice);
    model.#wholeText = new WholeText(parts, launches, model.#input);
    if (scorer) {
      const { state } = buffers;
      const [q] = qkvRowsOf(buffers, config);
      model.#keyScorer = await KeyScorer.create(device, shape, q!.buffer, cache, state, many, scorer);
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

  /**
   * Whether steps of several tokens compute what as many single ones do, up to the order of sums: not where those round their
   * activations.
   */
  get mayDraft(): boolean {
    return this.device.activationBits === 32;
  }

  /** Tokens that may be in the cache: the model's limit, or what the cache has room for. */
  get contextTokens(): number {
    return Math.min(this.cache.capacity, this.config.contextTokens);
  }

  /**
   * Reads what of a prompt is not in the cache, whose tokens are to be those that the prompt begins with, and computes the
   * logits of its last token. A stop is heard between two submits; then the cache holds what was done until then.
   * @returns false where a stop was heard
   */
  async readPrompt(
    { ids, keys, runs, pictures = [] }: ReadPrompt,
    { signal, onDone }: ReadOptions = {},
  ): Promise<boolean> {
    // Of a picture that is not there whole nothing counts.
    const begun = pictureBegunBefore(pictures, this.cache.keys.length);
    const from = this.cache.truncate(begun?.first ?? this.cache.keys.length);
    const until = await new PacedRun(this.device, this.#pace, signal).feed(from, ids.length, {
      mostTokens: this.chunkTokens,
      begin: (start, tokens) => {
        const isPicture = pictures.some(({ first }) => first === start);
        const step = this.#input.write(ids.slice(start, start + tokens), start, this.chunkTokens, isPicture);
        const paced = this.#steps.step(step, runs(start, tokens), start + tokens === ids.length);
        // What a long step has written of a ring cannot be taken back.
        const isIndivisible = isPicture || this.cache.ring?.holdsWindowOf(start) === false;
        return { ...paced, isIndivisible };
      },
      onDone,
      tokensFrom: (start, tokens) => tokensOfStep(pictures, start, tokens),
    });
    this.cache.keys.push(...keys.slice(from, until));
    return until === ids.length;
  }

  /**
   * The part of a prompt's steps from `from` on that scores keys (see KeyScorer). It overwrites the cache of the layers it runs
   * through from there on: the caller has truncated it.
   * @returns false where a stop was heard
   */
  async scoreKeys(
    { ids, runs }: ReadPrompt,
    from: number,
    { signal, onDone }: ReadOptions = {},
  ): Promise<boolean> {
    const until = await new PacedRun(this.device, this.#pace, signal).feed(from, ids.length, {
      mostTokens: this.chunkTokens,
      begin: (start, tokens) => {
        const step = this.#input.write(ids.slice(start, start + tokens), start, this.chunkTokens);
        return this.#steps.scoringStep(step, runs(start, tokens), this.#keyScorer!);
      },
      onDone,
    });
    return until === ids.length;
  }

  /**
   * Submits one step of 1 to `chunkTokens` tokens after what the cache holds; with `head`, their last token's logits are
   * computed too. One submit, however long it takes. Does not wait.
   */
  submitTokens(ids: readonly number[], head: boolean): void {
    const step = this.#input.write(ids, this.cache.keys.length, this.chunkTokens);
    submitWhole(this.device, this.#steps.step(step, [], head));
    this.cache.keys.push(...ids);
  }

  /** Verify drafts: only where `mayDraft`. */
  get draftSteps(): DraftSteps {
    return this.#draftSteps;
  }

  /** Waits until everything submitted is done. */
  settle(): Promise<void> {
    return this.device.settled();
  }

  /** What was submitted need not be computed any more; see EngineDevice. Its keys and values do not count any more either. */
  abandon(): void {
    this.device.abandon();
  }

  /**
   * Submits the choice of the next token from the logits at hand: the most likely one, which becomes the input of the
   * next `submitGreedyStep`. The returned function waits for its id; `brokenId` where a logit was not finite.
   */
  submitArgmax(): () => Promise<number> {
    return this.#submitChoice(this.#choice.argmax, { position: 0, tokens: 1 });
  }

  /**
   * Submits one decode step at `position` for the token that the GPU chose last, and the choice of the one after.
   * One compute pass; nothing is allocated. The caller keeps `cache.keys` in step once it knows the token.
   * @param id another token, where the GPU did not choose the last one by itself
   * @throws `context-full` past the last position
   */
  submitGreedyStep(position: number, id?: number): () => Promise<number> {
    return this.#submitChoice(this.#greedyStep, this.#input.writeOne(position, id));
  }

  /** What the draws that follow are made by. */
  beginDrawing(drawing: Drawing): void {
    this.#choice.beginDrawing(drawing);
  }

  /**
   * Submits the choice of the next token from the logits at hand, drawn as `beginDrawing` said: the input of the next
   * `submitDrawnStep`. The returned function waits for its id; `brokenId` as above, `undecidedId` where the host has to choose.
   */
  submitDraw(): () => Promise<number> {
    return this.#submitChoice(this.#choice.draw, { position: 0, tokens: 1 });
  }

  /**
   * Submits one decode step at `position` for the token that was drawn last, and the draw of the one after, as `submitGreedyStep`.
   * @param id the token at `position` where it is another one
   * @throws `context-full` past the last position
   */
  submitDrawnStep(position: number, id?: number): () => Promise<number> {
    const step = this.#input.writeOne(position, id);
    if (id !== undefined) this.#choice.correctDrawing(position, [id]);
    return this.#submitChoice(this.#drawnStep, step);
  }

  #submitChoice(dispatches: readonly Dispatch[], step: Step): () => Promise<number> {
    const commands = this.device.begin();
    commands.launch(dispatches, step);
    const read = this.#choice.recordId(commands);
    commands.submit();
    return read;
  }

  /**
   * Submits one decode step for `id` and the search for the tokens that may follow it. One compute pass; nothing is
   * allocated. The returned function waits for them and must be called before the next such step.
   * @throws `context-full` past the last position
   */
  submitSampledStep(id: number): () => Promise<Candidates> {
    const step = this.#input.write([id], this.cache.keys.length, this.chunkTokens);
    const read = this.#submitCandidates(this.#sampledStep, step);
    this.cache.keys.push(id);
    return read;
  }

  /** The `candidateCount` most likely tokens of the logits at hand. 1 KiB is read back. */
  readCandidates(): Promise<Candidates> {
    return this.#submitCandidates(this.#choice.topK, { position: 0, tokens: 1 })();
  }

  #submitCandidates(dispatches: readonly Dispatch[], step: Step): () => Promise<Candidates> {
    const commands = this.device.begin();
    commands.launch(dispatches, step);
    const read = this.#choice.recordCandidates(commands);
    commands.submit();
    return read;
  }

  /** Tokens that each of `count` sequences may have after the first `prefix` positions of the cache: see `openSequences`. */
  roomOfSequences(prefix: number, count: number): number {
    const room = roomOfSequences(this.device, this.cache, prefix, count);
    return Math.min(room, this.contextTokens - prefix);
  }

  /**
   * Sequences that each go on by themselves from what the cache holds; no other step is to be submitted until they are closed.
   * @param count at most `mostSequences`
   * @param positions tokens that each may be fed, at most `roomOfSequences`
   */
  openSequences(count: number, positions: number): Promise<Sequences> {
    const prefix = this.cache.keys.length;
    const { logits } = this.#draftSteps;
    return Sequences.open(this.#parts, this.#embedding, logits, { prefix, count, positions });
  }

  /** All logits at hand: [vocabulary] f32. */
  async readLogits(): Promise<Float32Array> {
    const commands = this.device.begin();
    const read = this.#choice.recordLogits(commands);
    commands.submit();
    return read();
  }

  /** What it computes of a text at every position, for comparison with references. */
  logitsOfAll(ids: readonly number[]): Promise<Float32Array> {
    return this.#wholeText.logits(ids);
  }

  /** See WholeText. */
  hiddenOfLast(prompt: ReadPrompt): Promise<Float32Array[]> {
    return this.#wholeText.hiddenOfLast(prompt, this.#steps);
  }

  destroy(): void {
    // Everything this device holds belongs to the one model on it, small uniforms included.
    this.device.memory.releaseAll();
  }
}
