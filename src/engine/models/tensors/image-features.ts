import type { DeviceBuffer } from '../../device/memory.ts';
/** What the encoder made of one image: visual tokens that take the place of token embeddings in a prompt. */
export interface ImageFeatures {
  /** [tokens, stride] f32: the tokens of one view after the other, tile by tile; padding zero. */
  buffer: DeviceBuffer;
  stride: number;
  tokens: number;
  /** Different for every image encoded: the KV cache tells by it whether it holds this image. */
  serial: number;
}

/** Consecutive rows of features for consecutive tokens of a step. */
export interface FeatureRun {
  /** The step's token that takes the first row. */
  at: number;
  count: number;
  features: ImageFeatures;
  row: number;
}
