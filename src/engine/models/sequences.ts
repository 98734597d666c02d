import { outOfMemoryForAnswersError } from '../device/device-errors.ts';
import type { Dispatch, Step } from '../device/dispatch.ts';
import { type DeviceBuffer, heldBytes } from '../device/memory.ts';
import { ReadbackRing } from '../device/readback.ts';
import { BedsideError } from '../errors.ts';
import { allocateShapes } from '../kernels/buffer-shape.ts';
import type { Rows } from '../kernels/rows.ts';
import { buildLlamaHeadForAll } from './llama/llama.ts';
import type { LlamaConfig } from './llama/llama-config.ts';
import type { LlamaParts } from './llama/llama-layer.ts';
import { buildLlamaLayerForRows, sequenceRowsShapes } from './llama/llama-rows.ts';
import type { KvCacheShape } from './tensors/kv-cache.ts';
import {
  type SequenceCount,
  SequenceMemory,
  type SequenceRoom,
  sequenceShapes,
} from './tensors/sequence-memory.ts';

/** Bytes of a step's logits, as they are read back. */
function logitsBytes(count: number, stride: number): number {
  return 4 * count * stride;
}

/** What `Sequences` hold beside the model while they are open, but for parameters of kernels. */
export function bytesOfSequences(config: LlamaConfig, shape: KvCacheShape, each: SequenceCount): number {
  const shapes = Object.values({
    ...sequenceShapes(shape, each),
    ...sequenceRowsShapes(config, each.count),
  });
  const readback = logitsBytes(each.count, config.vocabulary);
  return shapes.reduce((sum, { bytes }) => sum + heldBytes(bytes), heldBytes(readback));
}

/**
 * Several sequences that go on from one prefix, a token of each in every step: the weights are read once for all of them. They share
 * what the cache holds of the prefix, and write none of it.
 */
export class Sequences {
  readonly #parts: LlamaParts;
  readonly #logits: Rows;
  readonly #step: readonly Dispatch[];
  readonly #rowState: DeviceBuffer;
  readonly #memory: SequenceMemory;
  readonly #ring: ReadbackRing;
  readonly #before: ReadonlySet<DeviceBuffer>;
  #position: number;

  private constructor(
    parts: LlamaParts,
    logits: Rows,
    step: readonly Dispatch[],
    rowState: DeviceBuffer,
    memory: SequenceMemory,
    ring: ReadbackRing,
    before: ReadonlySet<DeviceBuffer>,
    position: number,
  ) {
    this.#parts = parts;
    this.#logits = logits;
    this.#step = step;
    this.#rowState = rowState;
    this.#memory = memory;
    this.#ring = ring;
    this.#before = before;
    this.#position = position;
  }

  /**
   * `count` sequences that follow the `prefix` positions in the cache, with room for `positions` tokens each.
   * Rejects with `out-of-memory` where there is no room for them; the model goes on as before.
   * @param embedding of a step's tokens
   * @param logits room for `count` rows
   */
  static async open(
    parts: LlamaParts,
    embedding: readonly Dispatch[],
    logits: Rows,
    room: SequenceRoom,
  ): Promise<Sequences> {
    const { device, config, weights, buffers, cache } = parts;
    const { prefix, count } = room;
    const before = device.memory.snapshot();
    try {
      const memory = await SequenceMemory.open(device, cache, room);
      const rows = await allocateShapes(device, sequenceRowsShapes(config, count));
      const step = [...embedding];
      for (const [layer, layerCache] of memory.layers.entries()) {
        const ofLayer = { layerCache, tables: memory.tablesOf(layer) };
        step.push(...(await buildLlamaLayerForRows(parts, rows, ofLayer, layer)));
      }
      step.push(...(await buildLlamaHeadForAll(device, config, weights, buffers, logits)));
      const ring = await ReadbackRing.create(device, logitsBytes(count, logits.stride), 1);
      return new Sequences(parts, logits, step, rows.rowState, memory, ring, before, prefix);
    } catch (error) {
      device.memory.releaseExcept(before);
      const isFull = error instanceof BedsideError && error.code === 'out-of-memory';
      throw isFull
        ? outOfMemoryForAnswersError(count, bytesOfSequences(config, cache.shape, room), error.cause)
        : error;
    }
  }

  /**
   * Submits a step with the next token of each sequence. The returned function waits for the logits after them: [sequences, stride]
   * f32 with `stride` floats from row to row. Call it before the next step.
   */
  submit(ids: readonly number[]): () => Promise<Float32Array> {
    const { device, buffers } = this.#parts;
    const step: Step = { position: this.#position++, tokens: ids.length };
    device.check();
    device.write(buffers.ids, 0, Uint32Array.from(ids));
    device.write(buffers.state, 0, new Uint32Array([step.position, step.tokens]));
    device.write(this.#rowState, 0, new Uint32Array([step.position, 1]));
    const commands = device.begin();
    commands.launch(this.#step, step);
    const read = this.#ring.record(commands, this.#logits.buffer);
    commands.submit();
    return async () => new Float32Array(await read());
  }

  get stride(): number {
    return this.#logits.stride;
  }

  /** Goes on with these rows alone, in this order. */
  keep(rows: readonly number[]): void {
    this.#memory.keep(rows);
  }

  /** Gives back what was allocated. The cache holds the prefix as before. */
  close(): void {
    this.#parts.device.memory.releaseExcept(this.#before);
  }
}
