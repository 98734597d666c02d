/** What is drawn over a picture: the reader's marks, and places that a model named. */
import {
  type MessageImage,
  placeShape,
  plainPresentation,
  type Region,
  type RegionShape,
} from '../../../client/index.ts';
import { regionInWords } from '../../format/regions.ts';

export interface DrawnShape {
  /** In pixels of the picture as it is shown, turned and flipped. */
  shape: RegionShape;
  /** Beside it. */
  label: string;
  by: 'reader' | 'model';
  /** For who cannot see it. */
  words: string;
}

type MarkedImage = Pick<MessageImage, 'width' | 'height' | 'presentation' | 'regions'>;

/** The marks of the frame that is shown. */
export function marksShown({ presentation = plainPresentation, regions = [] }: MarkedImage): Region[] {
  return regions.filter(({ frame }) => frame === presentation.frame);
}

/** What the reader marked on an image. */
export function drawnMarks(image: MarkedImage): DrawnShape[] {
  const { width, height, presentation = plainPresentation } = image;
  return marksShown(image).map(region => ({
    shape: placeShape(region.shape, { width, height }, presentation),
    label: `${region.number}`,
    by: 'reader',
    words: `Mark ${regionInWords(region)}`,
  }));
}
