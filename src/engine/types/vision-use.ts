import type { TilePlan } from './tiling.ts';

/** What a model was shown of one image. */
export interface ImageUse extends TilePlan {
  id: string;
  /** Prompt positions before compression. */
  visualTokens: number;
  /** Prompt positions after it; the same where nothing was dropped. */
  keptTokens: number;
  /** The features were still there from an earlier question. */
  cached: boolean;
}

export interface VisionUse {
  images: ImageUse[];
  /** From bytes to tiles. */
  decodeMs: number;
  /** From tiles to features. */
  encodeMs: number;
  compressed: boolean;
  /** A tile's side in pixels. Missing in what earlier versions stored. */
  tileSize?: number;
}
