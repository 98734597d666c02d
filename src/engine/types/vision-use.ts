import type { SeenView } from './image-views.ts';
import type { ImagePresentation } from './presentation.ts';

/** What a model was shown of one image. */
export interface ImageUse {
  /** Of the file. */
  id: string;
  /** How it was shown then, whatever it is shown as now; absent: as the file shows itself. */
  presentation?: ImagePresentation;
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
