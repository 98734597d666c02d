import type { Dispatch, Step } from '../device/dispatch.ts';
import { qkvRowsOf } from './llama/llama.ts';
import { buildLlamaLayer, type LlamaLayer, type LlamaParts } from './llama/llama-layer.ts';
import { llamaWork } from './llama/llama-work.ts';
import type { Commands, PacedStep, StepPart } from './pace/paced-run.ts';
import { SubmitPace } from './pace/submit-pace.ts';
import type { FeatureRun } from './tensors/image-features.ts';
import { mostRingTokens } from './tensors/window-ring.ts';

/** A key takes a token at most so many times as long as as many weights: prefill attention is far less busy than a product. */
const keyCost = 8;

/** Of a step on however slow a device. */
const fewestTokens = 16;

/** Of the first step, in which a device that nothing is known of is given one layer a submit. */
const firstTokens = 128;

/** What a language model launches, in parts. */
export interface PromptLaunches {
  /** Apart from the layers, because rows of images may take its place before those run. */
  embedding: readonly Dispatch[];
  one: readonly LlamaLayer[];
  many: readonly LlamaLayer[];
  /** For more tokens than a ring has room for. */
  long: readonly LlamaLayer[];
  /** Logits of a step of one token. */
  head: readonly Dispatch[];
}

/**
 * Steps of a prompt as parts of submits. Of the last layer only keys and values are computed, which later steps read; with
 * `head` also all that follows for the step's last token, by the launches for one token.
 */
export class PromptSteps {
  readonly #parts: LlamaParts;
  readonly #launches: PromptLaunches;
  /** The last layer behind its keys and values, at the position of `lastState`. */
  readonly #lastToken: readonly Dispatch[];

  private constructor(parts: LlamaParts, launches: PromptLaunches, lastToken: readonly Dispatch[]) {
    this.#parts = parts;
    this.#launches = launches;
    this.#lastToken = lastToken;
  }

  static async create(parts: LlamaParts, launches: PromptLaunches): Promise<PromptSteps> {
    const buffers = { ...parts.buffers, state: parts.buffers.lastState };
    const { rest } = await buildLlamaLayer({ ...parts, buffers }, 'one', parts.config.layers - 1);
    return new PromptSteps(parts, launches, rest);
  }

  /** Of this model, with nothing measured yet. */
  createPace(): SubmitPace {
    const { config } = this.#parts;
    const { layerWeights, attention } = llamaWork(config, 0);
    return new SubmitPace(fewestTokens, layerWeights / (keyCost * attention), firstTokens);
  }

  /** Rows of images in `runs` take the place of those tokens' embeddings. */
  step(step: Step, runs: readonly FeatureRun[], head: boolean): PacedStep {
    const work = { tokens: step.tokens, keys: step.position + step.tokens };
    const begin = this.#begin(step, runs);
    const { one, many, long, head: logits } = this.#launches;
    const layers = step.tokens > mostRingTokens ? long : many;
    if (step.tokens === 1) {
      const dispatches = [...one.flatMap(wholeLayer), ...(head ? logits : [])];
      const commands = [...begin, { dispatches, step }];
      // Its products are others than those of many tokens: they say nothing of a layer of those.
      return { parts: [{ commands, layers: one.length, isLayer: false }], work };
    }
    const parts = layers.map((layer, index): StepPart => {
      const before = index === 0 ? begin : [];
      if (index < layers.length - 1) {
        return {
          commands: [...before, ...this.#inWindow(index, wholeLayer(layer), step)],
          layers: 1,
          isLayer: true,
        };
      }
      const after = head ? this.#finish(step) : [];
      const commands = [...before, ...this.#inWindow(index, layer.projections, step), ...after];
      return { commands, layers: head ? 1 + this.#headLayers : 1, isLayer: false };
    });
    return { parts, work };
  }

  /**
   * The layers of a step apart, each with what it needs of its ring: after each the step's rows are in x. The first begins with the
   * embedding and the rows of images, for which there is a part of its own.
   */
  layerByLayer(step: Step, runs: readonly FeatureRun[]): Commands[][] {
    const { one, many, long } = this.#launches;
    const layers = step.tokens === 1 ? one : step.tokens > mostRingTokens ? long : many;
    return [
      this.#begin(step, runs),
      ...layers.map((layer, index) => this.#inWindow(index, wholeLayer(layer), step)),
    ];
  }

  /** The part of a step that scores keys: see KeyScorer, whose launches these are. */
  scoringStep(
    step: Step,
    runs: readonly FeatureRun[],
    { before, last }: { before: readonly Dispatch[]; last: readonly Dispatch[] },
  ): PacedStep {
    const work = { tokens: step.tokens, keys: step.position + step.tokens };
    return {
      parts: [
        {
          commands: [...this.#begin(step, runs), { dispatches: before, step }],
          layers: 1,
          isLayer: step.tokens > 1,
        },
        { commands: [{ dispatches: last, step }], layers: 1, isLayer: false },
      ],
      work,
    };
  }

  #begin(step: Step, runs: readonly FeatureRun[]): Commands[] {
    const { x } = this.#parts.buffers;
    const copies = runs.map(({ at, count, features, row }): Commands => {
      const rowBytes = features.stride * 4;
      return commands =>
        commands.copy(features.buffer, row * rowBytes, x.buffer, at * rowBytes, count * rowBytes);
    });
    return [{ dispatches: this.#launches.embedding, step }, ...copies];
  }

  /** Launches of a layer, with what they need of its ring and leave of it in a step that is too long for it. */
  #inWindow(layer: number, dispatches: readonly Dispatch[], step: Step): Commands[] {
    const { cache } = this.#parts;
    const steps = step.tokens > mostRingTokens && cache.hasRing(layer) ? cache.windowSteps : undefined;
    const launches = { dispatches, step };
    if (!steps) return [launches];
    const ring = cache.layers[layer]!;
    return [
      commands => steps.begin(commands, ring, step),
      launches,
      commands => steps.end(commands, ring, step),
    ];
  }

  /** Logits of the step's last token, once its keys and values are there. */
  #finish({ position, tokens }: Step): Commands[] {
    const { buffers, config } = this.#parts;
    const { x, last, qkv } = buffers;
    const q = qkvRowsOf(buffers, config)[0]!;
    const [xBytes, qBytes] = [4 * x.stride, 4 * q.stride];
    const row = tokens - 1;
    return [
      commands => {
        commands.copy(q.buffer.buffer, q.buffer.offset + row * qBytes, qkv, 0, qBytes);
        // Within one buffer nothing can be copied.
        commands.copy(x.buffer, row * xBytes, last.buffer, 0, xBytes);
        commands.copy(last.buffer, 0, x.buffer, 0, xBytes);
      },
      {
        dispatches: [...this.#lastToken, ...this.#launches.head],
        step: { position: position + row, tokens: 1 },
      },
    ];
  }

  /** Logits of one token take at most as long as so many layers of several. */
  get #headLayers(): number {
    const { config } = this.#parts;
    const { layerWeights, headWeights } = llamaWork(config, 0);
    return Math.ceil((headWeights * config.layers) / layerWeights);
  }
}

export function wholeLayer({ projections, rest }: LlamaLayer): Dispatch[] {
  return [...projections, ...rest];
}
