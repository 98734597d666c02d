import type { AskedRegion } from '../types/chat-message.ts';
import type { Size } from '../types/image-views.ts';
import { type ImagePresentation, presentedSize } from '../types/presentation.ts';
import { inThousandths } from './answer-boxes.ts';
import { placeRectangle } from './place.ts';

/** An image of a message, upright. */
export interface AskedImage extends Size {
  presentation?: ImagePresentation | undefined;
}

/** What a message asks about of its images, in the pictures that the model is shown of them. */
export function askedRegions(images: readonly AskedImage[]): AskedRegion[] {
  return images.flatMap(({ width, height, presentation }, image) => {
    if (!presentation?.region) return [];
    const size = { width, height };
    const placed = placeRectangle(presentation.region, size, presentation);
    return [{ image, box: inThousandths(placed, presentedSize(size, presentation)) }];
  });
}
