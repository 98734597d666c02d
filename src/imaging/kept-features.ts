import type { Size } from '../engine/types/image-views.ts';

/** What an image's visual tokens depend on, beside the encoder. */
export interface FeatureName {
  /** Of the image: SHA-256 (hex) of its bytes. */
  imageId: string;
  /** How it was shown: `presentationKey`. */
  presentation: string;
  /** How it was cut. */
  tiling: string;
  /** As it was shown, in pixels. */
  size: Size;
}

/** Where visual tokens of one encoder outlive the model that made them. Nothing here rejects: what cannot be kept is made again. */
export interface KeptFeatures {
  /** [tokens, projected] f32 as `keep` gave them back; undefined where they are not kept, or not as many. */
  find(name: FeatureName, values: number): Promise<Float32Array | undefined>;
  /**
   * Keeps them with fewer bits and gives back what will be found, so that an answer is the same before and after; undefined, and
   * nothing is kept, where a number does not fit those bits.
   */
  keep(name: FeatureName, values: Float32Array): Float32Array | undefined;
}
