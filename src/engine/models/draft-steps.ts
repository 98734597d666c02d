import type { EngineDevice } from '../device/device.ts';
import type { Dispatch, Step } from '../device/dispatch.ts';
import type { Rows } from '../kernels/rows.ts';
import { DraftChoice, mostDraftRows } from './draft-choice.ts';
import { buildLlamaHeadForAll } from './llama/llama.ts';
import type { LlamaLayer, LlamaParts } from './llama/llama-layer.ts';
import { wholeLayer } from './prompt-steps.ts';
import type { StepInput } from './step-input.ts';
import type { TokenChoice } from './token-choice.ts';

interface DraftLaunches {
  embedding: readonly Dispatch[];
  /** For many tokens. */
  many: readonly LlamaLayer[];
}

/**
 * Steps that verify drafts: each is given the token that was chosen last and drafts of those after it, and chooses the token after
 * each, at most `mostDraftRows` together. What follows a draft that proves wrong is overwritten by the next step; the caller keeps
 * `cache.keys` in step.
 */
export class DraftSteps {
  /** [mostDraftRows, stride] f32: those after each token of the last step. */
  readonly logits: Rows;
  readonly #device: EngineDevice;
  readonly #input: StepInput;
  /** From the tokens to the logits. */
  readonly #compute: readonly Dispatch[];
  readonly #choice: DraftChoice;
  readonly #ofOne: TokenChoice;

  private constructor(
    device: EngineDevice,
    input: StepInput,
    compute: readonly Dispatch[],
    choice: DraftChoice,
    ofOne: TokenChoice,
  ) {
    this.logits = choice.logits;
    this.#device = device;
    this.#input = input;
    this.#compute = compute;
    this.#choice = choice;
    this.#ofOne = ofOne;
  }

  /** @param ofOne the choice of single tokens: see DraftChoice */
  static async create(
    { device, config, weights, buffers }: LlamaParts,
    { embedding, many }: DraftLaunches,
    input: StepInput,
    ofOne: TokenChoice,
  ): Promise<DraftSteps> {
    const choice = await DraftChoice.create(device, config, ofOne);
    const head = await buildLlamaHeadForAll(device, config, weights, buffers, choice.logits);
    const compute = [...embedding, ...many.flatMap(wholeLayer), ...head];
    return new DraftSteps(device, input, compute, choice, ofOne);
  }

  /**
   * Submits a step at `position` and the choice of the most likely token after each. The returned function waits for those ids;
   * `brokenId` where a logit is not finite.
   */
  submit(position: number, ids: readonly number[]): () => Promise<Uint32Array> {
    const step = this.#input.write(ids, position, mostDraftRows);
    return this.#submit(step, this.#choice.argmax);
  }

  /** The same with a token after each drawn as `beginDrawing` said; `undecidedId` where the host has to choose. */
  submitDrawn(position: number, ids: readonly number[]): () => Promise<Uint32Array> {
    const step = this.#input.write(ids, position, mostDraftRows);
    this.#choice.beginDraw(position, ids);
    return this.#submit(step, this.#choice.draw);
  }

  /** All logits after the token `row` of the last step: [vocabulary] f32. */
  async readLogits(row: number): Promise<Float32Array> {
    const commands = this.#device.begin();
    const read = this.#ofOne.recordLogits(commands, this.logits.buffer, row);
    commands.submit();
    return read();
  }

  #submit(step: Step, choice: readonly Dispatch[]): () => Promise<Uint32Array> {
    const commands = this.#device.begin();
    commands.launch([...this.#compute, ...choice], step);
    const read = this.#choice.record(commands, step.tokens);
    commands.submit();
    return read;
  }
}
