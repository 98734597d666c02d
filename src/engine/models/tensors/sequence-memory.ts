import type { EngineDevice } from '../../device/device.ts';
import type { DeviceBuffer } from '../../device/memory.ts';
import type { LayerCache } from '../../kernels/attention.ts';
import { pagePositions } from '../../kernels/cache-format.ts';
import type { KvCache } from './kv-cache.ts';
import {
  positionsAfter,
  positionsInRings,
  type SequencePages,
  sequencePages,
  sequenceRings,
} from './sequence-pages.ts';

/** How many sequences go on from what a cache holds, and how far. */
export interface SequenceRoom {
  prefix: number;
  count: number;
  positions: number;
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
    const tables = {
      every: await writeTables(device, every),
      rings: rings && (await writeTables(device, rings)),
    };
    const layers: LayerCache[] = [];
    for (const [layer, of] of cache.layers.entries()) {
      const own = async (buffer: DeviceBuffer) => {
        const ring = await device.memory.storage('rings of sequences', rings!.pages * cache.pageBytes);
        copyRing(device, cache, { from: buffer, to: ring }, rings!.partial);
        return ring;
      };
      layers.push(cache.hasRing(layer) ? { keys: await own(of.keys), values: await own(of.values) } : of);
    }
    if (every.partial) {
      const shared = layers.filter((_, layer) => !cache.hasRing(layer));
      await copyPage(device, shared, cache.pageBytes, every.partial);
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

/** Tokens that each of `count` sequences may have after the first `prefix` positions of a cache. */
export function roomOfSequences(device: EngineDevice, cache: KvCache, prefix: number, count: number): number {
  const every = positionsAfter(cache.capacity / pagePositions, prefix, count);
  if (!cache.ring) return every;
  const most = Math.floor(Math.min(device.maxBindingBytes, device.maxBufferBytes) / cache.pageBytes);
  return Math.min(every, positionsInRings(cache.ring.pages, most, prefix, count));
}

async function writeTables(device: EngineDevice, { tables }: SequencePages): Promise<PageTables> {
  const buffers: DeviceBuffer[] = [];
  for (const table of tables) {
    const buffer = await device.memory.storage('pages of a sequence', table.byteLength);
    device.write(buffer, 0, table);
    buffers.push(buffer);
  }
  return { buffers, rows: tables };
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

/** Keys and values of a page, of all these layers, to other pages. */
async function copyPage(
  device: EngineDevice,
  layers: readonly LayerCache[],
  pageBytes: number,
  { from, to }: { from: number; to: readonly number[] },
): Promise<void> {
  // A buffer is not copied to itself.
  const page = await device.memory.storage('page of a sequence', pageBytes);
  const commands = device.begin();
  for (const { keys, values } of layers) {
    for (const buffer of [keys, values]) {
      commands.copy(buffer, from * pageBytes, page, 0, pageBytes);
      for (const each of to) commands.copy(page, 0, buffer, each * pageBytes, pageBytes);
    }
  }
  commands.submit();
}
