import { abortedError, BedsideError } from '../engine/errors.ts';
import type { ImageSource } from '../engine/generation/compose-prompt.ts';
import type { ImageFeatures } from '../engine/models/tensors/image-features.ts';
import type { VisionEncoder } from '../engine/models/vision/vision-encoder.ts';
import { featureBytes } from '../engine/models/vision/vision-encoder.ts';
import { sentence } from '../engine/sentence.ts';
import { countTiles, countTokens, type ImageView } from '../engine/types/image-views.ts';
import {
  type ImagePresentation,
  imageKey,
  plainPresentation,
  presentationKey,
  presentedSize,
} from '../engine/types/presentation.ts';
import type { TilingSettings } from '../engine/types/tiling.ts';
import type { VisionUse } from '../engine/types/vision-use.ts';
import { viewsOf } from './choose-views.ts';
import type { FeatureName, KeptFeatures } from './kept-features.ts';
import { prepareTiles } from './prepare-tiles.ts';
import type { RgbImage } from './rgb-image.ts';

/** An image of a conversation; decoded only where it is needed and its features are not there yet. */
export interface PipelineImage {
  /** Of the file. Messages call it by this and its presentation: `imageKey`. */
  id: string;
  /** Upright size in pixels. */
  width: number;
  height: number;
  /** Absent: as the file shows itself. */
  presentation?: ImagePresentation | undefined;
  /** The picture that the presentation shows. */
  decode(): Promise<RgbImage>;
}

/** Images are counted from 1. */
export interface PipelineEvents {
  signal?: AbortSignal;
  onDecode?: (image: number, images: number) => void;
  onTiles?: (image: number, images: number, done: number, total: number) => void;
}

/** The images of one question. `use` tells what was encoded for it; its `keptTokens` are the answer's to fill in. */
export interface QuestionImages extends ImageSource {
  readonly use: VisionUse;
}

/**
 * From images to visual tokens, remembered by image, presentation and tiling, so that a second question about the same image starts at
 * once. Belongs to one encoder; its features are released with the device's memory.
 */
export class ImagePipeline {
  readonly #encoder: VisionEncoder;
  /** Least recently used first. */
  readonly #cached = new Map<string, ImageFeatures>();
  readonly #cachedBytes: number;
  readonly #kept: KeptFeatures | undefined;

  /**
   * @param cachedBytes of features that stay on the device between questions, at most: by the plan no fewer than a question needs
   * @param kept of this encoder, where they outlive it
   */
  constructor(encoder: VisionEncoder, cachedBytes: number, kept?: KeptFeatures) {
    this.#encoder = encoder;
    this.#cachedBytes = cachedBytes;
    this.#kept = kept;
  }

  /** Encoding throws what `decode` throws, `aborted`, `out-of-memory`, `device-lost`, `gpu-error`. */
  open(
    images: readonly PipelineImage[],
    tiling: TilingSettings,
    events: PipelineEvents = {},
  ): QuestionImages {
    const known = new Map(
      images.map(image => [imageKey(image.id, image.presentation), this.#look(image, tiling)]),
    );
    const use: VisionUse = { images: [], decodeMs: 0, encodeMs: 0, compressed: false };
    const cut = tiling.mode === 'msac' ? tiling.preset : tiling.mode;
    const keyOf = (key: string) => [key, cut].join();
    return {
      use,
      views: key => known.get(key)?.views,
      encode: async keys => {
        const features = new Map<string, ImageFeatures>();
        const needed = new Set(keys.map(keyOf));
        for (const [i, name] of keys.entries()) {
          if (events.signal?.aborted) throw abortedError();
          const { image, views, size } = known.get(name)!;
          const { id, presentation } = image;
          const key = keyOf(name);
          const shown = presentation ? presentationKey(presentation) : '';
          const featureName = { imageId: id, presentation: shown, tiling: cut, size };
          const before = this.#cached.get(key) ?? (await this.#restore(featureName, views, needed));
          const encoded =
            before ??
            (await this.#encode(image, featureName, views, needed, use, i + 1, keys.length, events));
          // Moved to the end: used last.
          this.#cached.delete(key);
          this.#cached.set(key, encoded);
          features.set(name, encoded);
          use.images.push({
            id,
            ...(presentation && shown ? { presentation } : {}),
            views,
            keptTokens: countTokens(views),
            cached: before !== undefined,
          });
        }
        return features;
      },
    };
  }

  #look(image: PipelineImage, tiling: TilingSettings) {
    const { width, height, presentation = plainPresentation } = image;
    const size = presentedSize({ width, height }, presentation);
    return { image, size, views: viewsOf({ width, height }, presentation, this.#encoder.config, tiling) };
  }

  /** What was kept when the image was encoded. */
  async #restore(
    name: FeatureName,
    views: readonly ImageView[],
    needed: ReadonlySet<string>,
  ): Promise<ImageFeatures | undefined> {
    const { config } = this.#encoder;
    const values = await this.#kept?.find(name, countTokens(views) * config.projected);
    if (!values) return undefined;
    this.#makeRoom(featureBytes(config, countTiles(views)), needed);
    return this.#encoder.restore(values);
  }

  async #encode(
    image: PipelineImage,
    name: FeatureName,
    views: readonly ImageView[],
    needed: ReadonlySet<string>,
    use: VisionUse,
    place: number,
    images: number,
    { signal, onDecode, onTiles }: PipelineEvents,
  ): Promise<ImageFeatures> {
    onDecode?.(place, images);
    const started = performance.now();
    const pixels = await image.decode();
    if (pixels.width !== name.size.width || pixels.height !== name.size.height) throw changedImageError();
    const tiles = await prepareTiles(pixels, views, this.#encoder.config, signal);
    const decoded = performance.now();
    this.#makeRoom(featureBytes(this.#encoder.config, tiles.length), needed);
    const features = await this.#encoder.encode(tiles, {
      signal,
      onTiles: (done, total) => onTiles?.(place, images, done, total),
    });
    if (this.#kept) {
      const kept = this.#kept.keep(name, await this.#encoder.read(features));
      if (kept) this.#encoder.write(features, kept);
    }
    use.decodeMs += decoded - started;
    use.encodeMs += performance.now() - decoded;
    return features;
  }

  /** Releases the features used longest ago until others of `bytes` fit, but none that this question needs. */
  #makeRoom(bytes: number, needed: ReadonlySet<string>): void {
    let total = bytes;
    for (const { buffer } of this.#cached.values()) total += buffer.size;
    for (const [key, features] of this.#cached) {
      if (total <= this.#cachedBytes) return;
      if (needed.has(key)) continue;
      this.#cached.delete(key);
      total -= features.buffer.size;
      this.#encoder.release(features);
    }
  }
}

function changedImageError(): BedsideError {
  return new BedsideError(
    'damaged-image',
    sentence`image-changed-size: The image is not of the size it had when it was attached.`,
    'Attach the image again and ask in a new chat.',
  );
}
