import type { Dispatch, Step } from '../device/dispatch.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { ReadbackRing } from '../device/readback.ts';
import { allocateShapes } from '../kernels/buffer-shape.ts';
import { pagePositions } from '../kernels/cache-format.ts';
import type { Rows } from '../kernels/rows.ts';
import { buildLlamaHeadForAll } from './llama/llama.ts';
import type { LlamaParts } from './llama/llama-layer.ts';
import { buildLlamaLayerForRows, sequenceRowsShapes } from './llama/llama-rows.ts';
import { sequencePages } from './tensors/sequence-pages.ts';

/**
 * Several sequences that go on from one prefix, a token of each in every step: the weights are read once for all of them. They share
 * the full pages of the prefix in the cache; what follows lies in pages that the prefix does not take.
 */
export class Sequences {
  readonly #parts: LlamaParts;
  readonly #logits: Rows;
  readonly #step: readonly Dispatch[];
  readonly #rowState: DeviceBuffer;
  /** On the device, of each row of a step; and what stands in each. */
  readonly #tables: readonly DeviceBuffer[];
  #pages: Uint32Array<ArrayBuffer>[];
  readonly #ring: ReadbackRing;
  readonly #before: ReadonlySet<DeviceBuffer>;
  #position: number;

  private constructor(
    parts: LlamaParts,
    logits: Rows,
    step: readonly Dispatch[],
    rowState: DeviceBuffer,
    tables: readonly DeviceBuffer[],
    pages: Uint32Array<ArrayBuffer>[],
    ring: ReadbackRing,
    before: ReadonlySet<DeviceBuffer>,
    position: number,
  ) {
    this.#parts = parts;
    this.#logits = logits;
    this.#step = step;
    this.#rowState = rowState;
    this.#tables = tables;
    this.#pages = pages;
    this.#ring = ring;
    this.#before = before;
    this.#position = position;
  }

  /**
   * `count` sequences that follow the `prefix` positions in the cache, with room for `positions` tokens each.
   * @param embedding of a step's tokens
   * @param logits room for `count` rows
   */
  static async open(
    parts: LlamaParts,
    embedding: readonly Dispatch[],
    logits: Rows,
    { prefix, count, positions }: { prefix: number; count: number; positions: number },
  ): Promise<Sequences> {
    const { device, config, weights, buffers, cache } = parts;
    const before = device.memory.snapshot();
    try {
      const pageCount = cache.capacity / pagePositions;
      const pages = sequencePages(pageCount, prefix, count, positions);
      const rows = await allocateShapes(device, sequenceRowsShapes(config, count));
      const tables: DeviceBuffer[] = [];
      for (const table of pages.tables) {
        const buffer = await device.memory.storage('pages of a sequence', 4 * pageCount);
        device.write(buffer, 0, table);
        tables.push(buffer);
      }
      const step = [...embedding];
      for (let layer = 0; layer < config.layers; layer++)
        step.push(...(await buildLlamaLayerForRows(parts, rows, tables, layer)));
      step.push(...(await buildLlamaHeadForAll(device, config, weights, buffers, logits)));
      if (pages.partial) await copyPage(parts, pages.partial);
      const ring = await ReadbackRing.create(device, 4 * count * logits.stride, 1);
      return new Sequences(parts, logits, step, rows.rowState, tables, pages.tables, ring, before, prefix);
    } catch (error) {
      device.memory.releaseExcept(before);
      throw error;
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
    this.#pages = rows.map(row => this.#pages[row]!);
    for (const [row, pages] of this.#pages.entries()) this.#parts.device.write(this.#tables[row]!, 0, pages);
  }

  /** Gives back what was allocated. The cache holds the prefix as before. */
  close(): void {
    this.#parts.device.memory.releaseExcept(this.#before);
  }
}

/** Keys and values of a page, of all layers, to other pages. */
async function copyPage(
  { device, cache }: LlamaParts,
  { from, to }: { from: number; to: readonly number[] },
): Promise<void> {
  const { pageBytes } = cache;
  // A buffer is not copied to itself.
  const page = await device.memory.storage('page of a sequence', pageBytes);
  const commands = device.begin();
  for (const { keys, values } of cache.layers) {
    for (const buffer of [keys, values]) {
      commands.copy(buffer, from * pageBytes, page, 0, pageBytes);
      for (const each of to) commands.copy(page, 0, buffer, each * pageBytes, pageBytes);
    }
  }
  commands.submit();
}
