import type { ImageView } from '../../client/index.ts';
import type { DrawnShape } from '../state/images/drawn-shapes.ts';
import type { Sight } from '../state/images/sights.ts';

export interface ViewedImage {
  /** Object URL of the file as it was given. */
  url: string;
  name: string;
  /** Pixels, upright. */
  width: number;
  height: number;
  /** What models saw of it, as their answers have stored it: what was seen goes before what would be. */
  sights?: readonly Sight[];
  /** The model that answered without seeing it. */
  blindAnswerer?: string | undefined;
  /** What the loaded model would see of it; null where none that sees images is loaded. */
  views: readonly ImageView[] | null;
  /** The name of the loaded model. */
  loaded?: string | undefined;
  /** The loaded model would be given fewer tokens than the views have. */
  isCompressed?: boolean;
  /** Marks of the reader's and places that the model named. */
  shapes?: readonly DrawnShape[];
}
