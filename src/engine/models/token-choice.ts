import type { EngineDevice } from '../device/device.ts';
import type { CommandList, Dispatch } from '../device/dispatch.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { ReadbackRing } from '../device/readback.ts';
import { type Allocated, allocateShapes, arrayShape } from '../kernels/buffer-shape.ts';
import { createDraw, type DrawBuffers, drawSettings, drawShapes } from '../kernels/draw.ts';
import { argmaxShapes, candidateCount, createArgmax, createTopK, topKShapes } from '../kernels/sample.ts';
import type { SamplingSettings } from '../types/sampling.ts';
import type { LlamaConfig } from './llama/llama-config.ts';
import { mostStepsInFlight } from './pace/steps-in-flight.ts';

const idBytes = 8;
const candidateBytes = candidateCount * 8;

/** What is read back, through how many staging buffers: ids, candidates, logits. */
export function readbacks(vocabulary: number) {
  return [
    { bytes: idBytes, slots: mostStepsInFlight + 1 },
    { bytes: candidateBytes, slots: 1 },
    { bytes: 4 * vocabulary, slots: 1 },
  ] as const;
}

/**
 * What choosing the next token on the GPU leaves, for the plan and for allocation.
 * @param capacity positions of the cache
 */
export function choiceShapes({ vocabulary: count }: LlamaConfig, capacity: number) {
  return {
    result: arrayShape('chosen id', idBytes, 1),
    ...argmaxShapes({ count }),
    ...topKShapes({ count }),
    ...drawShapes({ capacity }),
  };
}

/** The most likely tokens, best first. */
export interface Candidates {
  ids: Uint32Array;
  logits: Float32Array;
}

/** What a device draws tokens by. */
export interface Drawing {
  settings: SamplingSettings;
  /** The conversation so far, at whose last tokens the penalty looks. */
  ids: readonly number[];
  /** A number in [0, 1) for each token that is to be drawn. */
  draws: Float32Array<ArrayBuffer>;
}

interface Launches {
  argmax: readonly Dispatch[];
  topK: readonly Dispatch[];
  draw: Dispatch;
}

interface Rings {
  ids: ReadbackRing;
  candidates: ReadbackRing;
  logits: ReadbackRing;
}

type ChoiceBuffers = Allocated<ReturnType<typeof choiceShapes>> & {
  candidates: DeviceBuffer;
  logits: DeviceBuffer;
};

/** The launches that choose the next token from the logits, or its candidates, and what the host reads of them. */
export class TokenChoice {
  readonly device: EngineDevice;
  readonly vocabulary: number;
  readonly capacity: number;
  readonly argmax: readonly Dispatch[];
  readonly topK: readonly Dispatch[];
  /** From the logits to a token; see `beginDrawing`. */
  readonly draw: readonly Dispatch[];
  readonly #buffers: ChoiceBuffers;
  readonly #rings: Rings;

  private constructor(
    device: EngineDevice,
    size: { vocabulary: number; capacity: number },
    launches: Launches,
    buffers: ChoiceBuffers,
    rings: Rings,
  ) {
    this.device = device;
    this.vocabulary = size.vocabulary;
    this.capacity = size.capacity;
    this.argmax = launches.argmax;
    this.topK = launches.topK;
    this.draw = [...launches.topK, launches.draw];
    this.#buffers = buffers;
    this.#rings = rings;
  }

  /**
   * Over `logits` [vocabulary] f32; the id that is chosen is written to `ids` [0] too, which the next step reads.
   * @param capacity positions of the cache
   */
  static async create(
    device: EngineDevice,
    config: LlamaConfig,
    { logits, ids }: { logits: DeviceBuffer; ids: DeviceBuffer },
    capacity: number,
  ): Promise<TokenChoice> {
    const { vocabulary } = config;
    const rows = { buffer: logits, count: vocabulary };
    const room = await allocateShapes(device, choiceShapes(config, capacity));
    const chosen = { ids, result: room.result };
    const argmax = await createArgmax(device, rows, { ...chosen, parts: room.parts });
    const { dispatches: topK, candidates } = await createTopK(device, rows, room);
    const draw = await createDraw(device, { count: vocabulary, capacity }, candidates, room, chosen);
    const ring = ({ bytes, slots }: { bytes: number; slots: number }) =>
      ReadbackRing.create(device, bytes, slots);
    const [ofIds, ofCandidates, ofLogits] = readbacks(vocabulary);
    const rings = {
      ids: await ring(ofIds),
      candidates: await ring(ofCandidates),
      logits: await ring(ofLogits),
    };
    const buffers = { ...room, candidates, logits };
    return new TokenChoice(device, { vocabulary, capacity }, { argmax, topK, draw }, buffers, rings);
  }

  /** Writes what `draw` draws by. Each token that it chooses it appends to the conversation itself. */
  beginDrawing({ settings, ids, draws }: Drawing): void {
    const { device } = this;
    const buffers = this.#buffers;
    device.write(buffers.settings, 0, drawSettings(settings, this.capacity));
    device.write(buffers.history, 0, Uint32Array.from(ids));
    device.write(buffers.lengths, 0, Uint32Array.of(ids.length));
    device.write(buffers.draws, 4 * ids.length, draws.subarray(0, this.capacity - ids.length));
  }

  /** `ids` are the tokens from `position` on, whatever was drawn there and behind it. */
  correctDrawing(position: number, ids: readonly number[]): void {
    this.device.write(this.#buffers.history, 4 * position, Uint32Array.from(ids));
    this.device.write(this.#buffers.lengths, 0, Uint32Array.of(position + ids.length));
  }

  /** What `beginDrawing` and `correctDrawing` write. */
  get drawBuffers(): DrawBuffers {
    return this.#buffers;
  }

  /**
   * Records the reading of the id that argmax or draw chose; `brokenId` where a logit is not finite, `undecidedId` where draw leaves
   * it to the host. Call the function after the submit.
   */
  recordId(commands: CommandList): () => Promise<number> {
    const read = this.#rings.ids.record(commands, this.#buffers.result);
    return async () => new Uint32Array(await read())[0]!;
  }

  /** Records the reading of what top-k found. Call the function after the submit, and before the next such record. */
  recordCandidates(commands: CommandList): () => Promise<Candidates> {
    const read = this.#rings.candidates.record(commands, this.#buffers.candidates);
    return async () => {
      const pairs = new Uint32Array(await read());
      const values = new Float32Array(pairs.buffer);
      const count = Math.min(candidateCount, this.vocabulary);
      const ids = new Uint32Array(count);
      const logits = new Float32Array(count);
      for (let i = 0; i < count; i++) {
        logits[i] = values[2 * i]!;
        ids[i] = pairs[2 * i + 1]!;
      }
      return { ids, logits };
    };
  }

  /** Records the reading of all logits: [vocabulary] f32, those at hand or a row of others. */
  recordLogits(commands: CommandList, rows = this.#buffers.logits, row = 0): () => Promise<Float32Array> {
    const read = this.#rings.logits.record(commands, rows, 4 * row * this.vocabulary);
    return async () => new Float32Array(await read(), 0, this.vocabulary);
  }
}
