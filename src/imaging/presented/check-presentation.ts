import { BedsideError } from '../../engine/errors.ts';
import { type Sentence, sentence } from '../../engine/sentence.ts';
import { type ImagePresentation, readPresentation } from '../../engine/types/presentation.ts';
import type { ImageFrame, OpenedImage } from './opened-image.ts';

/**
 * The frame that a presentation asks for, once it is known to fit the file.
 * @throws `invalid-request` where the image has no such frame, window or place; what decoding throws
 */
export async function frameFor(
  image: Pick<OpenedImage, 'size' | 'frames' | 'decodeFrame'>,
  presentation: ImagePresentation,
): Promise<ImageFrame> {
  if (!readPresentation(presentation)) throw unfit(sentence`presentation-unreadable: It cannot be read.`);
  const { frame: index, region } = presentation;
  if (index >= image.frames) {
    throw unfit(
      sentence`presentation-frame: The image has ${{ frames: image.frames }} frames; number ${{ frame: index + 1 }} was asked for.`,
    );
  }
  const { width, height } = image.size;
  if (region && (region.x + region.width > width || region.y + region.height > height)) {
    throw unfit(sentence`presentation-region: The region lies outside of the image.`);
  }
  const frame = await image.decodeFrame(index);
  requireWindow(frame, presentation);
  return frame;
}

function requireWindow({ windows, isHounsfield }: ImageFrame, { window }: ImagePresentation): void {
  if (window === null) return;
  if (window.kind === 'ct-colours') {
    if (isHounsfield) return;
    throw unfit(
      sentence`presentation-not-in-hounsfield-units: Its values are not known to be Hounsfield units, of which the colours for CT are made.`,
    );
  }
  if (windows.length === 0) {
    throw unfit(sentence`presentation-window-of-colours: A colour image has no window.`);
  }
  if (window.kind !== 'lut') return;
  const has = windows.some(({ choice }) => choice.kind === 'lut' && choice.index === window.index);
  if (!has) {
    throw unfit(
      sentence`presentation-table: The file has no table number ${{ table: window.index + 1 }} for its greys.`,
    );
  }
}

function unfit(why: Sentence): BedsideError {
  return new BedsideError(
    'invalid-request',
    sentence`presentation-does-not-fit: The image cannot be shown as it was asked for. ${{ why }}`,
    'Set the image up again in the viewer, and ask then.',
  );
}
