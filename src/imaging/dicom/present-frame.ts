import { decodeFrame } from './decode-frame.ts';
import type { DicomFrame } from './dicom-file.ts';
import type { Header } from './header/describe.ts';
import type { FrameStore } from './pixels/frame-store.ts';
import { type ImagePixel, isGrey } from './pixels/image-pixel.ts';
import { presentColour } from './present-colour.ts';
import { presentGrey } from './present-grey.ts';
import type { Palette } from './views/palette.ts';

/** What a frame is presented by. */
export interface OpenedImage {
  image: ImagePixel;
  store: FrameStore;
  header: Header;
  palette: Palette | undefined;
}

/** Decodes frame `index` and says how it can be seen. Fails as `decodeFrame` does. */
export async function presentFrame(
  { image, store, header, palette }: OpenedImage,
  index: number,
): Promise<DicomFrame> {
  if (!Number.isInteger(index) || index < 0 || index >= store.count)
    throw new RangeError(`no frame ${index}`);
  const decoded = decodeFrame(store, index, image);
  return isGrey(image)
    ? presentGrey(image, header, index, decoded.stored)
    : presentColour(image, palette, index, decoded);
}
