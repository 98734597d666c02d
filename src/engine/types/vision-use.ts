import type { SeenView } from './image-views.ts';

/** What a model was shown of one image. */
export interface ImageUse {
  id: string;
  views: readonly SeenView[];
  /** Prompt positions after compression; as many as those of the views where nothing was left out. */
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
}
