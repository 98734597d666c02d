import { BedsideError } from '../../engine/errors.ts';
import { type Sentence, sentence } from '../../engine/sentence.ts';

/** The file formats that are read. */
export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'bmp' | 'gif' | 'tiff' | 'heic' | 'avif';

/** How each format is called in a sentence. */
export const formatNames: Record<ImageFormat, string> = {
  png: 'PNG',
  jpeg: 'JPEG',
  webp: 'WebP',
  bmp: 'BMP',
  gif: 'GIF',
  tiff: 'TIFF',
  heic: 'HEIC',
  avif: 'AVIF',
};

/** `what` completes "This PNG image is damaged or incomplete: ...". */
export function damagedImage(format: ImageFormat, what: Sentence, cause?: unknown): BedsideError {
  return new BedsideError(
    'damaged-image',
    sentence`image-is-damaged: This ${{ format: formatNames[format] }} image is damaged or incomplete: ${{ what }}.`,
    'Get the image again from where it came from, or export it again, and attach the new copy.',
    cause,
  );
}

/** `what` completes "This is ...". */
export function unsupportedImage(what: Sentence, advice: string, cause?: unknown): BedsideError {
  return new BedsideError(
    'unsupported-image',
    sentence`unsupported-image: This is ${{ what }}.`,
    advice,
    cause,
  );
}

export const EXPORT_AS_PNG =
  'Open it in the program that it came from, export it as PNG or JPEG, and attach that.';

/** Beyond this the pixels alone take more memory than a page may have. */
const mostPixels = 100_000_000;
/** The most that a JPEG can have; the other formats are held to it too. */
const longestSide = 65_535;
const shortestSide = 16;

/** Refuses what is too large to decode or too small to see. `width` and `height` come from the header, in pixels. */
export function checkImageSize(format: ImageFormat, width: number, height: number): void {
  if (width === 0 || height === 0)
    throw damagedImage(format, sentence`header-without-pixels: its header gives it no pixels`);
  if (width * height > mostPixels || Math.max(width, height) > longestSide) {
    throw new BedsideError(
      'image-too-large',
      sentence`image-too-large: This image is ${{ width }} x ${{ height }} pixels. The most that can be read is 100 megapixels and ${{ longestSide }} pixels a side.`,
      'Make it smaller, or cut out the part that you ask about, and attach that.',
    );
  }
  if (Math.min(width, height) < shortestSide) {
    throw new BedsideError(
      'image-too-small',
      sentence`image-too-small: This image is ${{ width }} x ${{ height }} pixels: too small to see anything in it.`,
      `Attach an image with at least ${shortestSide} pixels on each side.`,
    );
  }
}
