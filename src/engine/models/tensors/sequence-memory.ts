import type { EngineDevice } from '../../device/device.ts';
import type { DeviceBuffer } from '../../device/memory.ts';
import type { LayerCache } from '../../kernels/attention.ts';
import { type ArrayShape, allocateShapes, arrayShape } from '../../kernels/buffer-shape.ts';
import { cacheBytes, pagePositions } from '../../kernels/cache-format.ts';
import type { KvCache, KvCacheShape } from './kv-cache.ts';
import {
  pagesOfRings,
  positionsAfter,
  positionsInRings,
  type SequencePages,
  sequencePages,
  sequenceRings,
} from './sequence-pages.ts';

/** How many sequences go on from what a cache holds, and how far each. */
export interface SequenceCount {
  count: number;
  positions: number;
}

export interface SequenceRoom extends SequenceCount {
  /** Positions that they go on from. */
  prefix: number;
}

/** Tables of pages on the device, a row's each, and what stands in them. */
interface PageTables {
  readonly buffers: readonly DeviceBuffer[];
  rows: Uint32Array<ArrayBuffer>[];
}

/**
 * Keys and values of several sequences that go on from what a cache holds. Layers that keep every position have them in pages which
 * that does not take. A ring has no such pages: there it is copied, with rings of the sequences behind it, until they are closed.
 */
export class SequenceMemory {
  readonly layers: readonly LayerCache[];
  readonly #device: EngineDevice;
  readonly #every: PageTables;
  readonly #rings: PageTables | undefined;
  readonly #cache: KvCache;

  private constructor(
    device: EngineDevice,
    cache: KvCache,
    layers: readonly LayerCache[],
    tables: { every: PageTables; rings: PageTables | undefined },
  ) {
    this.layers = layers;
    this.#device = device;
    this.#cache = cache;
    this.#every = tables.every;
    this.#rings = tables.rings;
  }

  /** What it allocates is the caller's to release. */
  static async open(device: EngineDevice, cache: KvCache, room: SequenceRoom): Promise<SequenceMemory> {
    const { prefix, count, positions } = room;
    const pages = cache.capacity / pagePositions;
    const every = sequencePages(pages, prefix, count, positions);
    const rings = cache.ring && sequenceRings(cache.ring.pages, pages, prefix, count, positions);
    const buffers: Record<string, DeviceBuffer> = await allocateShapes(
      device,
      sequenceShapes(cache.shape, room),
    );
    const tablesOf = ({ tables }: SequencePages, name: string): PageTables => {
      const ofRows = tables.map((_, row) => buffers[`${name} ${row}`]!);
      for (const [row, table] of tables.entries()) device.write(ofRows[row]!, 0, table);
      return { buffers: ofRows, rows: tables };
    };
    const tables = { every: tablesOf(every, 'pages'), rings: rings && tablesOf(rings, 'ringPages') };
    const layers = cache.layers.map((of, layer): LayerCache => {
      if (!cache.hasRing(layer)) return of;
      const [keys, values] = [buffers[`keys ${layer}`]!, buffers[`values ${layer}`]!];
      copyRing(device, cache, { from: of.keys, to: keys }, rings!.partial);
      copyRing(device, cache, { from: of.values, to: values }, rings!.partial);
      return { keys, values };
    });
    if (every.partial) {
      const shared = layers.filter((_, layer) => !cache.hasRing(layer));
      copyPage(device, shared, { page: buffers.page!, bytes: cache.pageBytes }, every.partial);
    }
    return new SequenceMemory(device, cache, layers, tables);
  }

  /** Of each row, where a layer has its pages. */
  tablesOf(layer: number): readonly DeviceBuffer[] {
    return (this.#cache.hasRing(layer) ? this.#rings! : this.#every).buffers;
  }

  /** Goes on with these rows alone, in this order. */
  keep(rows: readonly number[]): void {
    for (const tables of [this.#every, this.#rings]) {
      if (!tables) continue;
      tables.rows = rows.map(row => tables.rows[row]!);
      for (const [row, table] of tables.rows.entries()) this.#device.write(tables.buffers[row]!, 0, table);
    }
  }
}

/** What they allocate beside a cache, for the plan and for allocation. */
export function sequenceShapes(
  shape: KvCacheShape,
  { count, positions }: SequenceCount,
): Record<string, ArrayShape> {
  const { ring } = shape;
  const shapes: Record<string, ArrayShape> = {
    page: arrayShape('page of a sequence', cacheBytes({ ...shape, pages: 1 }), 1),
  };
  for (let row = 0; row < count; row++) {
    shapes[`pages ${row}`] = arrayShape('pages of a sequence', shape.pages);
    if (ring) shapes[`ringPages ${row}`] = arrayShape('pages of a ring of a sequence', shape.pages);
  }
  if (!ring) return shapes;
  const bytes = cacheBytes({ ...shape, pages: pagesOfRings(ring.pages, count, positions) });
  for (const [layer, hasRing] of ring.layers.entries()) {
    if (!hasRing) continue;
    for (const name of ['keys', 'values'])
      shapes[`${name} ${layer}`] = arrayShape('rings of sequences', bytes, 1);
  }
  return shapes;
}

/** Tokens that each of `count` sequences may have after the first `prefix` positions of a cache. */
export function roomOfSequences(device: EngineDevice, cache: KvCache, prefix: number, count: number): number {
  const every = positionsAfter(cache.capacity / pagePositions, prefix, count);
  if (!cache.ring) return every;
  const most = Math.floor(Math.min(device.maxBindingBytes, device.maxBufferBytes) / cache.pageBytes);
  return Math.min(every, positionsInRings(cache.ring.pages, most, count));
}

/** A layer's keys or values to where sequences go on from them. */
function copyRing(
  device: EngineDevice,
  { pageBytes, ring }: KvCache,
  { from, to }: { from: DeviceBuffer; to: DeviceBuffer },
  partial: SequencePages['partial'],
): void {
  const commands = device.begin();
  commands.copy(from, 0, to, 0, ring!.pages * pageBytes);
  for (const page of partial?.to ?? []) {
    commands.copy(from, partial!.from * pageBytes, to, page * pageBytes, pageBytes);
  }
  commands.submit();
}

/**
 * Keys and values of a page, of all these layers, to other pages.
 * @param by a page on the way: a buffer is not copied to itself
 */
function copyPage(
  device: EngineDevice,
  layers: readonly LayerCache[],
  by: { page: DeviceBuffer; bytes: number },
  { from, to }: { from: number; to: readonly number[] },
): void {
  const { page, bytes } = by;
  const commands = device.begin();
  for (const { keys, values } of layers) {
    for (const buffer of [keys, values]) {
      commands.copy(buffer, from * bytes, page, 0, bytes);
      for (const each of to) commands.copy(page, 0, buffer, each * bytes, bytes);
    }
  }
  commands.submit();
}
