import { type DecodedImage, flattenOnWhite, orient } from './decode.ts';
import type { ImageHeader } from './formats/image-header.ts';
import { decodeTiff } from './formats/tiff/decode-tiff.ts';
import { tiffToRgba } from './formats/tiff/tiff-to-rgba.ts';

/**
 * A TIFF file of one page, by our own code: the same in every browser, which read none. Of 16 bits the upper 8 are shown; values too low
 * to be seen are stretched, as those of PNG are. Fails as `readTiffPage` does.
 */
export async function decodeTiffImage(bytes: Uint8Array, header: ImageHeader): Promise<DecodedImage> {
  const { rgba, bits } = tiffToRgba(await decodeTiff(bytes));
  const image = orient(flattenOnWhite(rgba, header.width, header.height), header.orientation);
  const isStretched = header.bitDepth === 16 && bits < 16;
  return { image, format: 'tiff', isAnimated: false, ...(isStretched && { stretchedBits: bits }) };
}
