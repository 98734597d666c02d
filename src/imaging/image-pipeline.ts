import { abortedError } from '../engine/errors.ts';
import type { ImageFeatures } from '../engine/models/image-features.ts';
import type { VisionEncoder } from '../engine/models/vision-encoder.ts';
import type { ImageUse, TilingSettings, VisionUse } from '../engine/types.ts';
import { planTiles, prepareTiles } from './prepare.ts';
import type { RgbImage } from './rgb-image.ts';

/** Features that stay on the device between questions: about four large images of a model of true size. */
const defaultCachedBytes = 192 * 1024 * 1024;

/** An image of a question; decoded only where its features are not there yet. */
export interface PipelineImage {
  id: string;
  decode(): Promise<RgbImage>;
}

export interface PipelineEvents {
  signal?: AbortSignal;
  onDecode?: (image: number, images: number) => void;
  onTiles?: (image: number, images: number, done: number, total: number) => void;
}

interface Entry {
  features: ImageFeatures;
  plan: Omit<ImageUse, 'id' | 'visualTokens' | 'keptTokens' | 'cached'>;
}

/**
 * From images to visual tokens, remembered by image and tiling, so that a second question about the same image starts at
 * once. Belongs to one encoder; its features are released with the device's memory.
 */
export class ImagePipeline {
  readonly #encoder: VisionEncoder;
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>();

  readonly #cachedBytes: number;

  constructor(encoder: VisionEncoder, cachedBytes: number = defaultCachedBytes) {
    this.#encoder = encoder;
    this.#cachedBytes = cachedBytes;
  }

  /** @throws what `decode` throws, `aborted`, `out-of-memory`, `device-lost`, `gpu-error` */
  async prepare(
    images: readonly PipelineImage[],
    tiling: TilingSettings,
    { signal, onDecode, onTiles }: PipelineEvents = {},
  ): Promise<{ features: Map<string, ImageFeatures>; use: VisionUse }> {
    const features = new Map<string, ImageFeatures>();
    const use: VisionUse = { images: [], decodeMs: 0, encodeMs: 0, compressed: false };
    for (const [i, image] of images.entries()) {
      if (signal?.aborted) throw abortedError();
      const key = [image.id, tiling.mode, tiling.preset].join();
      let entry = this.#entries.get(key);
      const cached = entry !== undefined;
      if (entry) {
        this.#entries.delete(key);
      } else {
        onDecode?.(i, images.length);
        const started = performance.now();
        const pixels = await image.decode();
        const { tileSize } = this.#encoder.config;
        const plan = planTiles(pixels.width, pixels.height, tileSize, tiling);
        const tiles = prepareTiles(pixels, tileSize, plan);
        const decoded = performance.now();
        const [columns, rows] = plan.detailed;
        const detailedTiles = columns * rows > 1 ? columns * rows : 0;
        this.#makeRoom(tiles.length, features);
        entry = {
          plan,
          features: await this.#encoder.encode(tiles, detailedTiles, {
            signal,
            onTiles: (done, total) => onTiles?.(i, images.length, done, total),
          }),
        };
        use.decodeMs += decoded - started;
        use.encodeMs += performance.now() - decoded;
      }
      this.#entries.set(key, entry);
      features.set(image.id, entry.features);
      const visualTokens = entry.features.tokens;
      use.images.push({ id: image.id, ...entry.plan, visualTokens, keptTokens: visualTokens, cached });
    }
    return { features, use };
  }

  /** Releases the features used longest ago until those of another image fit, but none that this question needs. */
  #makeRoom(tiles: number, needed: ReadonlyMap<string, ImageFeatures>): void {
    const { tokensPerTile, projected } = this.#encoder.config;
    const inUse = new Set(needed.values());
    let bytes = tiles * tokensPerTile * projected * 4;
    for (const { features } of this.#entries.values()) bytes += features.buffer.size;
    for (const [key, { features }] of this.#entries) {
      if (bytes <= this.#cachedBytes) return;
      if (inUse.has(features)) continue;
      this.#entries.delete(key);
      bytes -= features.buffer.size;
      this.#encoder.release(features);
    }
  }
}
