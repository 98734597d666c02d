import type { ImageReport } from '../../client/index.ts';

/** How the loaded model cuts an image; null where no model that sees images is loaded. */
export type SightPlan = ImageReport['plan'];

export interface ViewedImage {
  /** Object URL of the file as it was given. */
  url: string;
  name: string;
  /** Pixels, upright. */
  width: number;
  height: number;
  plan: SightPlan;
}
