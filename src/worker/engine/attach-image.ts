import { plainPresentation } from '../../engine/types/presentation.ts';
import type { OpenedImage } from '../../imaging/presented/opened-image.ts';
import { blankHeader } from '../../imaging/presented/read-header.ts';
import { renderUpright } from '../../imaging/presented/render-picture.ts';
import { writePng } from '../../imaging/write-png.ts';
import { sha256Hex } from '../../storage/sha256.ts';
import type { InspectedImage } from './engine-messages.ts';
import type { RedactImageRequest } from './image-messages.ts';
import type { OpenImages } from './open-images.ts';

/** Grey of 16 bits: browsers show its upper 8 bits, which may be black. */
export const deepPngType = 'image/png; depth=16';

/** What a file shows to be, once its first frame was decoded; with the bytes that were looked at. */
export async function inspectImage(images: OpenImages, file: Blob): Promise<InspectedImage> {
  const opened = await images.open(file);
  const found = await inspected(opened, opened.bytes, file.type);
  // The others were decoded to be opened, and are shown without a window.
  if (!opened.dicom) return found;
  const { windows } = await opened.decodeFrame(0);
  const [meant] = windows;
  return meant ? { ...found, presentation: { ...plainPresentation, window: meant.choice } } : found;
}

/** Fails as `blankIdentity` does. */
export async function withoutIdentity(images: OpenImages, file: Blob): Promise<InspectedImage> {
  const blank = await blankHeader(file);
  return inspectImage(images, blank ? new Blob([blank], { type: file.type }) : file);
}

/** Renders the frame with its redactions, so that nothing of what they cover, and no header, is in what is kept. */
export async function redactImage(
  images: OpenImages,
  { file, presentation }: RedactImageRequest,
): Promise<InspectedImage> {
  const picture = await renderUpright(await images.open(file), presentation);
  const { width, height } = picture;
  const shown = { format: 'png', size: { width, height }, frames: 1, isAnimated: false } as const;
  return inspected(shown, await writePng(picture), '');
}

async function inspected(
  opened: Pick<OpenedImage, 'format' | 'size' | 'frames' | 'isAnimated' | 'stretchedBits'>,
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
): Promise<InspectedImage> {
  const { format, size, frames, isAnimated, stretchedBits } = opened;
  return {
    report: {
      id: await sha256Hex(bytes),
      format,
      ...size,
      isAnimated,
      ...(stretchedBits === undefined ? {} : { stretchedBits }),
      ...(frames > 1 ? { frames } : {}),
    },
    blob: new Blob([bytes], { type: mediaTypeOf(format, bytes, type) }),
  };
}

/** By it the page knows what it has to be drawn: a DICOM file, a TIFF, and a PNG whose values would look black. */
function mediaTypeOf(format: OpenedImage['format'], bytes: Uint8Array, type: string): string {
  if (format === 'dicom') return 'application/dicom';
  if (format === 'tiff') return 'image/tiff';
  // IHDR: the bits of a value, and grey.
  if (format === 'png' && bytes[24] === 16 && bytes[25] === 0) return deepPngType;
  return type || `image/${format}`;
}
