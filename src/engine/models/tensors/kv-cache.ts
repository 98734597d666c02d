import type { EngineDevice } from '../../device/device.ts';
import type { DeviceBuffer, MemoryLimits } from '../../device/memory.ts';
import type { LayerCache } from '../../kernels/attention.ts';
import { type ArrayShape, allocateShapes, arrayShape } from '../../kernels/buffer-shape.ts';
import { cacheBytes, pagePositions } from '../../kernels/cache-format.ts';
import type { Precision } from '../../types/precision.ts';
import { layerGroup } from './layer-group.ts';
import { ringTable, WindowRing } from './window-ring.ts';
import { WindowSteps } from './window-steps.ts';

/**
 * Keys and values of every layer for one sequence, preallocated in pages of `pagePositions` when the model loads: it never
 * grows while answering, so it cannot fail while answering. Layers with a window keep a ring of pages, the others every position.
 * Remembers which token each position holds, so that the next turn computes only what differs.
 */
export class KvCache {
  readonly shape: KvCacheShape;
  readonly layers: LayerCache[];
  /** Positions in all. */
  readonly capacity: number;
  readonly bytes: number;
  /** Of the keys of a page in a layer; those of a page lie together. */
  readonly pageBytes: number;
  /** What the valid keys and values are of, by position: a token's id, or a negative number for a row of an image. */
  keys: number[] = [];
  /** Absent where every layer keeps every position. */
  readonly ring: WindowRing | undefined;
  /** Where layers with a ring compute steps that are too long for it. */
  readonly windowSteps: WindowSteps | undefined;
  /** Of each layer, [page of the sequence] -> physical page, u32. */
  readonly #tables: readonly DeviceBuffer[];
  readonly #ringLayers: readonly boolean[];

  private constructor(
    shape: KvCacheShape,
    layers: LayerCache[],
    tables: readonly DeviceBuffer[],
    windowSteps: WindowSteps | undefined,
  ) {
    const { ring } = shape;
    this.shape = shape;
    this.layers = layers;
    this.capacity = shape.pages * pagePositions;
    this.pageBytes = cacheBytes({ ...shape, pages: 1 });
    this.bytes = layers.reduce((sum, { keys, values }) => sum + keys.size + values.size, 0);
    this.ring = ring && new WindowRing(ring.window, ring.pages);
    this.windowSteps = windowSteps;
    this.#tables = tables;
    this.#ringLayers = ring?.layers ?? [];
  }

  static async allocate(device: EngineDevice, shape: KvCacheShape): Promise<KvCache> {
    const shapes = { ...kvCacheShapes(shape), ...windowStepShapes(shape) };
    const buffers: Record<string, DeviceBuffer> = await allocateShapes(device, shapes);
    const layers: LayerCache[] = Array.from({ length: shape.layers }, (_, layer) => ({
      keys: buffers[`keys ${layer}`]!,
      values: buffers[`values ${layer}`]!,
    }));
    const { ring } = shape;
    const { pages, ringPages } = buffers;
    device.write(pages!, 0, ringTable(shape.pages, shape.pages));
    const tables = layers.map((_, layer) => (ring?.layers[layer] ? ringPages! : pages!));
    if (!ring) return new KvCache(shape, layers, tables, undefined);
    const { stepKeys, stepValues, stepPages } = buffers;
    device.write(ringPages!, 0, ringTable(ring.pages, shape.pages));
    device.write(stepPages!, 0, ringTable(ring.stepPages, shape.pages));
    const steps = new WindowSteps(
      { keys: stepKeys!, values: stepValues! },
      stepPages!,
      ring.stepPages,
      cacheBytes({ ...shape, pages: 1 }),
      ring,
    );
    return new KvCache(shape, layers, tables, steps);
  }

  /** [page of the sequence] -> physical page in this layer, u32. */
  pagesOf(layer: number): DeviceBuffer {
    return this.#tables[layer]!;
  }

  /** Whether the layer keeps a ring alone. */
  hasRing(layer: number): boolean {
    return this.#ringLayers[layer] ?? false;
  }

  /**
   * How many leading positions of a prompt need not be computed: those that are in the cache, or none where a ring no longer holds
   * the window before what follows them. At least one token is left over, because the logits after the last one have to be computed.
   */
  sharedPrefix(keys: readonly number[]): number {
    const most = Math.min(this.keys.length, keys.length - 1);
    let n = 0;
    while (n < most && this.keys[n] === keys[n]) n++;
    return holdsWindow(this.ring, n) ? n : 0;
  }

  /**
   * Forgets everything from `position` on; what is there is simply overwritten later. Where a ring no longer holds the window before
   * it, everything is forgotten.
   * @returns positions that are left
   */
  truncate(position: number): number {
    const left = Math.min(this.keys.length, position);
    this.keys.length = holdsWindow(this.ring, left) ? left : 0;
    if (this.keys.length === 0) this.ring?.clear();
    return this.keys.length;
  }
}

function holdsWindow(ring: WindowRing | undefined, position: number): boolean {
  return ring?.holdsWindowOf(position) ?? true;
}

export interface KvCacheShape {
  layers: number;
  kvHeads: number;
  headDim: number;
  /** Of the sequence. */
  pages: number;
  cache: Precision;
  /** Absent where every layer keeps every page. */
  ring?: RingShape | undefined;
}

export interface RingShape {
  /** Of each layer whether it sees a window alone. */
  layers: readonly boolean[];
  /** Keys that a position sees there. */
  window: number;
  /** That such a layer keeps. */
  pages: number;
  /** For the longest step: see WindowSteps. */
  stepPages: number;
}

/** The buffers of a cache, for the plan and for allocation; layouts: shaders/attention/cache. */
export function kvCacheShapes(shape: KvCacheShape): Record<string, ArrayShape> {
  const { ring } = shape;
  const shapes: Record<string, ArrayShape> = {};
  for (let layer = 0; layer < shape.layers; layer++) {
    const bytes = cacheBytes({ ...shape, pages: ring?.layers[layer] ? ring.pages : shape.pages });
    for (const name of ['keys', 'values']) {
      const group = layerGroup(layer);
      shapes[`${name} ${layer}`] = { ...arrayShape(`${name} of layer ${layer}`, bytes, 1), group };
    }
  }
  shapes.pages = arrayShape('pages', shape.pages);
  if (ring) shapes.ringPages = arrayShape('pages of rings', shape.pages);
  return shapes;
}

/** What a further position takes in layers that keep every one. */
export function tokenBytesOf(shape: KvCacheShape): number {
  const layers = shape.layers - (shape.ring?.layers.filter(Boolean).length ?? 0);
  return (2 * layers * cacheBytes({ ...shape, pages: 1 })) / pagePositions;
}

/** What layers with a ring share while a long step is computed. */
export function windowStepShapes(shape: KvCacheShape): Record<string, ArrayShape> {
  const { ring } = shape;
  if (!ring) return {};
  const bytes = cacheBytes({ ...shape, pages: ring.stepPages });
  return {
    stepKeys: arrayShape('keys of a long step', bytes, 1),
    stepValues: arrayShape('values of a long step', bytes, 1),
    stepPages: arrayShape('pages of a long step', shape.pages),
  };
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
