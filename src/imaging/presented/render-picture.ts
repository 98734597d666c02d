import type { Rectangle } from '../../engine/types/image-views.ts';
import { type ImagePresentation, plainPresentation } from '../../engine/types/presentation.ts';
import { orient } from '../decode.ts';
import type { Orientation } from '../formats/exif-orientation.ts';
import type { RgbImage } from '../rgb-image.ts';
import { frameFor } from './check-presentation.ts';
import type { ImageFrame, OpenedImage } from './opened-image.ts';

/**
 * The picture that a presentation shows: what the page draws and what tiles are cut from. Its region is not drawn.
 * @throws what `frameFor` throws
 */
export async function renderPicture(image: OpenedImage, presentation: ImagePresentation): Promise<RgbImage> {
  return renderFrame(await frameFor(image, presentation), presentation);
}

/** The same of a frame that `frameFor` gave. */
export function renderFrame(frame: ImageFrame, presentation: ImagePresentation): RgbImage {
  const { window, isInverted, redactions, turns, isFlipped } = presentation;
  const upright = frame.render(window, isInverted);
  for (const redaction of redactions) blacken(upright, redaction);
  return orient(upright, orientations[turns][isFlipped ? 1 : 0]);
}

/** A picture that is not turned: what is kept of an image whose redactions are to stay. */
export function renderUpright(image: OpenedImage, presentation: ImagePresentation): Promise<RgbImage> {
  const { turns, isFlipped, region } = plainPresentation;
  return renderPicture(image, { ...presentation, turns, isFlipped, region });
}

/** Quarter turns, without and with sides exchanged after them, as the orientations that undo the same (EXIF 2.3, 4.6.4). */
const orientations: Record<ImagePresentation['turns'], readonly [Orientation, Orientation]> = {
  0: [1, 2],
  1: [6, 5],
  2: [3, 4],
  3: [8, 7],
};

/** What reaches beyond the image is left out. */
function blacken({ width, height, data }: RgbImage, black: Rectangle): void {
  const right = Math.min(width, black.x + black.width);
  const bottom = Math.min(height, black.y + black.height);
  if (black.x >= right) return;
  for (let y = black.y; y < bottom; y++) data.fill(0, (y * width + black.x) * 3, (y * width + right) * 3);
}
