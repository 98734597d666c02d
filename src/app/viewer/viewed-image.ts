import type { ImagePlan } from '../../client/index.ts';

export interface ViewedImage {
  /** Object URL of the file as it was given. */
  url: string;
  name: string;
  /** Pixels, upright. */
  width: number;
  height: number;
  /** How a model cuts it; null where that is not known. */
  plan: ImagePlan | null;
}
