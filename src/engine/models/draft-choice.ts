import type { EngineDevice } from '../device/device.ts';
import type { CommandList, Dispatch, Step } from '../device/dispatch.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { ReadbackRing } from '../device/readback.ts';
import { allocateShapes, arrayShape } from '../kernels/buffer-shape.ts';
import { createDraw } from '../kernels/draw.ts';
import { argmaxShapes, createArgmax, createTopK, topKShapes } from '../kernels/sample.ts';
import type { LlamaConfig } from './llama/llama-config.ts';
import type { TokenChoice } from './token-choice.ts';

/** Most tokens of a step that verifies a draft. */
export const mostDraftRows = 8;
const idBytes = 8;

/** What is read back of a draft, through how many staging buffers. */
export const draftReadback = { bytes: mostDraftRows * idBytes, slots: 1 } as const;

/** What a step that verifies a draft leaves, for the plan and for allocation. */
export function draftShapes({ vocabulary: count }: LlamaConfig) {
  const rows = mostDraftRows;
  return {
    /** [rows, vocabulary] f32. */
    draftLogits: arrayShape('logits of a draft', rows * count),
    draftIds: arrayShape('ids after a draft', rows),
    draftResults: arrayShape('results after a draft', draftReadback.bytes, 1),
    draftParts: argmaxShapes({ count, rows }).parts,
    draftCandidates: topKShapes({ count, rows }).source,
    draftCandidatesLeft: topKShapes({ count, rows }).target,
    draftLengths: arrayShape('history lengths of a draft', rows),
  };
}

/** The token after each of a step's, chosen on the device. */
export class DraftChoice {
  /** [rows, stride] f32: what the head of such a step writes. */
  readonly logits: { buffer: DeviceBuffer; stride: number };
  /** Of as many rows as the step has tokens. */
  readonly argmax: readonly Dispatch[];
  /** The same, drawn: see `beginDraw`. */
  readonly draw: readonly Dispatch[];
  readonly #choice: TokenChoice;
  readonly #lengths: DeviceBuffer;
  readonly #results: DeviceBuffer;
  readonly #ring: ReadbackRing;

  private constructor(
    choice: TokenChoice,
    logits: DraftChoice['logits'],
    launches: { argmax: readonly Dispatch[]; draw: readonly Dispatch[] },
    { draftLengths, draftResults }: { draftLengths: DeviceBuffer; draftResults: DeviceBuffer },
    ring: ReadbackRing,
  ) {
    this.logits = logits;
    this.argmax = launches.argmax;
    this.draw = launches.draw;
    this.#choice = choice;
    this.#lengths = draftLengths;
    this.#results = draftResults;
    this.#ring = ring;
  }

  /** @param choice of single tokens: tokens are drawn from one conversation, by the same settings and numbers */
  static async create(device: EngineDevice, config: LlamaConfig, choice: TokenChoice): Promise<DraftChoice> {
    const { vocabulary: count } = config;
    const buffers = await allocateShapes(device, draftShapes(config));
    const { draftLogits, draftIds: ids, draftResults: result, draftParts: parts } = buffers;
    const rows = {
      count,
      rows: mostDraftRows,
      rowsOf: ({ tokens }: Step) => Math.min(tokens, mostDraftRows),
    };
    const logits = { ...rows, buffer: draftLogits };
    const argmax = await createArgmax(device, logits, { ids, result, parts });
    const { draftCandidates: source, draftCandidatesLeft: target } = buffers;
    const { dispatches: topK, candidates } = await createTopK(device, logits, { source, target });
    const places = { ...rows, capacity: choice.capacity, historyStride: 0 };
    const drawn = { ...choice.drawBuffers, lengths: buffers.draftLengths };
    const draw = await createDraw(device, places, candidates, drawn, { ids, result });
    const ring = await ReadbackRing.create(device, draftReadback.bytes, draftReadback.slots);
    const launches = { argmax, draw: [...topK, draw] };
    return new DraftChoice(choice, { buffer: draftLogits, stride: count }, launches, buffers, ring);
  }

  /** Before `draw`: the tokens of the step, which stand in the conversation from `position` on. */
  beginDraw(position: number, ids: readonly number[]): void {
    this.#choice.correctDrawing(position, ids);
    const lengths = Uint32Array.from(ids, (_, row) => position + row + 1);
    this.#choice.device.write(this.#lengths, 0, lengths);
  }

  /**
   * Records the reading of the ids; `brokenId` where a logit is not finite, `undecidedId` where draw leaves a token to the host. Call
   * the function after the submit, and before the next.
   */
  record(commands: CommandList, rows: number): () => Promise<Uint32Array> {
    const read = this.#ring.record(commands, this.#results);
    return async () => {
      const pairs = new Uint32Array(await read());
      return pairs.filter((_, i) => i % 2 === 0).slice(0, rows);
    };
  }
}
