import { BedsideError } from '../engine/errors.ts';
import { sentence } from '../engine/sentence.ts';
import { blockSide, type PixelReader, rawPixels } from './bitmap-pixels.ts';
import { copyOnWhite, type DecodedFile, flattenOnWhite, orient } from './decode.ts';
import { decodeTiffImage } from './decode-tiff-image.ts';
import { decodeBmp } from './formats/decode-bmp.ts';
import { decodeFirstGifFrame } from './formats/decode-gif.ts';
import { damagedImage, EXPORT_AS_PNG, unsupportedImage } from './formats/image-errors.ts';
import type { ImageHeader } from './formats/image-header.ts';
import { endOfJpeg } from './formats/jpeg-header.ts';
import { findPixelReader } from './probe-pixels.ts';
import { readBytes, requireFileSize } from './read-file.ts';
import { readImageHeader, recogniseImage } from './read-image-header.ts';
import type { RgbImage } from './rgb-image.ts';
import { stretchIfDeep } from './stretch-if-deep.ts';

/** Enough to tell what a file is. */
const headBytes = 4096;

/**
 * Decodes an image file in a worker: PNG, JPEG, WebP, AVIF and, where it has one, HEIC with the browser's decoders. Of 16-bit PNG the browser makes 8 bits
 * as it does for the screen; Chromium takes the high byte; where that would be black, the file is stretched (`deep-png.ts`)
 * and the new one is what is given back. Fails as `readImageHeader` does; with `damaged-image` where the browser cannot decode it; and with `unsupported-image` where the browser does not give pixels back unchanged.
 */
export async function decodeInBrowser(file: Blob): Promise<DecodedFile> {
  const { header, bytes } = await readFile(file);
  const { format, isAnimated } = header;
  if (format === 'tiff') return { ...(await decodeTiffImage(bytes, header)), bytes };
  const stretched = await stretchIfDeep(bytes, header);
  const shown = stretched
    ? { bytes: stretched.file, header: readImageHeader(stretched.file) }
    : { bytes, header };
  const image = await decodePixels(shown.bytes, shown.header);
  const decoded = { image: orient(image, header.orientation), format, isAnimated, bytes: shown.bytes };
  return stretched ? { ...decoded, stretchedBits: stretched.bits } : decoded;
}

function decodePixels(bytes: Uint8Array<ArrayBuffer>, header: ImageHeader): Promise<RgbImage> {
  const { width, height } = header;
  switch (header.format) {
    // Read by our own code: nothing then depends on the browser.
    case 'bmp':
      return Promise.resolve(flattenOnWhite(decodeBmp(bytes), width, height));
    case 'gif':
      return Promise.resolve(flattenOnWhite(decodeFirstGifFrame(bytes), width, height));
    default:
      return decodeBitmap(new Blob([bytes]), header);
  }
}

async function decodeBitmap(file: Blob, header: ImageHeader): Promise<RgbImage> {
  const reader = await findPixelReader(header.hasAlpha);
  const bitmap = await createImageBitmap(forDecoder(file, header), rawPixels).catch((error: unknown) => {
    if (header.format === 'heic') throw undecodedHeic(error);
    throw damagedImage(
      header.format,
      sentence`pixels-cannot-be-decoded: its pixels cannot be decoded`,
      error,
    );
  });
  try {
    if (bitmap.width !== header.width || bitmap.height !== header.height) {
      throw damagedImage(header.format, sentence`pixels-do-not-fit-header: its pixels do not fit its header`);
    }
    return await readBlocks(bitmap, reader);
  } finally {
    bitmap.close();
  }
}

/** Few browsers have a decoder for it, and none says whether it has. */
function undecodedHeic(error: unknown): BedsideError {
  return unsupportedImage(
    sentence`undecoded-heic: a HEIC image, as iPhones take them, which this browser cannot show`,
    EXPORT_AS_PNG,
    error,
  );
}

async function readBlocks(bitmap: ImageBitmap, reader: PixelReader): Promise<RgbImage> {
  const { width, height } = bitmap;
  const image: RgbImage = { width, height, data: new Uint8Array(width * height * 3) };
  const open = reader(bitmap);
  if (!open)
    throw new BedsideError(
      'internal',
      sentence`image-could-not-be-read: The image could not be read.`,
      'Reload the page.',
    );
  try {
    for (let top = 0; top < height; top += blockSide) {
      for (let left = 0; left < width; left += blockSide) {
        const block = {
          left,
          top,
          width: Math.min(blockSide, width - left),
          height: Math.min(blockSide, height - top),
        };
        copyOnWhite(await open.read(block), block, image);
      }
    }
  } finally {
    open.close();
  }
  return image;
}

async function readFile(file: Blob): Promise<{ header: ImageHeader; bytes: Uint8Array<ArrayBuffer> }> {
  recogniseImage(await readBytes(file.slice(0, headBytes)), file.size);
  requireFileSize(file);
  const bytes = await readBytes(file);
  return { header: readImageHeader(bytes), bytes };
}

/**
 * The file with its end, and without the part that says how it is turned: not every browser heeds it in every format, so that none is left
 * to do it.
 */
function forDecoder(file: Blob, { format, exif, lacksEnd }: ImageHeader): Blob {
  const type = `image/${format}`;
  const rest = (start: number) => [file.slice(start), ...(lacksEnd ? [Uint8Array.from(endOfJpeg)] : [])];
  if (!exif) return lacksEnd ? new Blob(rest(0), { type }) : file.slice(0, file.size, type);
  const before = file.slice(0, exif.start);
  // WebP's container has a length, so a chunk is renamed to one that decoders pass over; the others' parts are cut out.
  return format === 'webp'
    ? new Blob([before, 'none', file.slice(exif.start + 4)], { type })
    : new Blob([before, ...rest(exif.end)], { type });
}
