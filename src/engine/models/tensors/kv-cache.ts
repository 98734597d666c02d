import type { EngineDevice } from '../../device/device.ts';
import type { DeviceBuffer, MemoryLimits } from '../../device/memory.ts';
import type { LayerCache } from '../../kernels/attention.ts';
import { type ArrayShape, allocateShapes, arrayShape } from '../../kernels/buffer-shape.ts';
import { cacheBytes, pagePositions } from '../../kernels/cache-format.ts';
import type { Precision } from '../../types/precision.ts';
import { layerGroup } from './layer-group.ts';

/**
 * Keys and values of every layer for one sequence, preallocated in pages of `pagePositions` when the model loads: it never
 * grows while answering, so it cannot fail while answering. Remembers which token each position holds, so that the next
 * turn computes only what differs.
 */
export class KvCache {
  readonly layers: LayerCache[];
  /** [logical page] -> physical page, u32. */
  readonly pageTable: DeviceBuffer;
  /** Positions in all. */
  readonly capacity: number;
  readonly bytes: number;
  /** Of the keys of a page in a layer; those of a page lie together. */
  readonly pageBytes: number;
  /** What the valid keys and values are of, by position: a token's id, or a negative number for a row of an image. */
  keys: number[] = [];

  private constructor(layers: LayerCache[], pageTable: DeviceBuffer, pages: number, pageBytes: number) {
    this.layers = layers;
    this.pageTable = pageTable;
    this.capacity = pages * pagePositions;
    this.pageBytes = pageBytes;
    this.bytes = 2 * pages * pageBytes * layers.length;
  }

  static async allocate(device: EngineDevice, shape: KvCacheShape): Promise<KvCache> {
    const buffers: Record<string, DeviceBuffer> = await allocateShapes(device, kvCacheShapes(shape));
    const layers: LayerCache[] = Array.from({ length: shape.layers }, (_, layer) => ({
      keys: buffers[`keys ${layer}`]!,
      values: buffers[`values ${layer}`]!,
    }));
    const pageTable = buffers.pages!;
    device.write(
      pageTable,
      0,
      Uint32Array.from({ length: shape.pages }, (_, i) => i),
    );
    return new KvCache(layers, pageTable, shape.pages, cacheBytes({ ...shape, pages: 1 }));
  }

  /**
   * How many leading positions of a prompt are already in the cache. At least one token is left over, because the logits after
   * the last one have to be computed.
   */
  sharedPrefix(keys: readonly number[]): number {
    const most = Math.min(this.keys.length, keys.length - 1);
    let n = 0;
    while (n < most && this.keys[n] === keys[n]) n++;
    return n;
  }

  /** Forgets everything from `position` on. What is there is simply overwritten later. */
  truncate(position: number): void {
    this.keys.length = Math.min(this.keys.length, position);
  }
}

export interface KvCacheShape {
  layers: number;
  kvHeads: number;
  headDim: number;
  pages: number;
  cache: Precision;
}

/** The buffers of a cache, for the plan and for allocation; layouts: shaders/attention/cache. */
export function kvCacheShapes(shape: KvCacheShape): Record<string, ArrayShape> {
  const bytes = cacheBytes(shape);
  const shapes: Record<string, ArrayShape> = {};
  for (let layer = 0; layer < shape.layers; layer++) {
    for (const name of ['keys', 'values']) {
      const group = layerGroup(layer);
      shapes[`${name} ${layer}`] = { ...arrayShape(`${name} of layer ${layer}`, bytes, 1), group };
    }
  }
  shapes.pages = arrayShape('pages', shape.pages);
  return shapes;
}

/** The most pages whose keys still fit one binding, at most what `positions` need. */
export function pagesFor(
  device: MemoryLimits,
  positions: number,
  kvHeads: number,
  headDim: number,
  cache: Precision,
): number {
  const pageBytes = cacheBytes({ pages: 1, kvHeads, headDim, cache });
  const limit = Math.min(device.maxBindingBytes, device.maxBufferBytes);
  return Math.max(1, Math.min(Math.ceil(positions / pagePositions), Math.floor(limit / pageBytes)));
}
