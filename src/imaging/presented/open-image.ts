import type { DecodedFile } from '../decode.ts';
import { recogniseDicom, recognisedBytes } from '../dicom/data-set/recognise.ts';
import { openDicom } from '../dicom/open-dicom.ts';
import { type DeepValues, readDeepValues } from '../formats/deep-values.ts';
import { deepValuesOfTiff } from '../formats/tiff/deep-values-of-tiff.ts';
import { readBytes, requireFileSize } from '../read-file.ts';
import { readImageHeader } from '../read-image-header.ts';
import { deepImage } from './deep-image.ts';
import { dicomImage } from './dicom-image.ts';
import type { OpenedImage } from './opened-image.ts';
import { plainImage } from './plain-image.ts';

/** Decodes a file of 8 bits a colour whole, with the decoders at hand. Fails as `readImageHeader` does. */
export type DecodePlain = (file: Blob) => Promise<DecodedFile>;

/**
 * Opens an image file of any kind that is read.
 * @throws what `decode` throws; of DICOM files what `openDicom` throws; `damaged-image`
 */
export async function openImage(file: Blob, decode: DecodePlain): Promise<OpenedImage> {
  // Each reading is a question to the browser: of what is not large, one is enough.
  const whole = file.size <= readAtOnceBytes ? await readBytes(file) : undefined;
  const head = whole ?? (await readBytes(file.slice(0, Math.max(recognisedBytes, pngHeadBytes))));
  if (isDicom(head)) {
    requireFileSize(file);
    const bytes = whole ?? (await readBytes(file));
    return dicomImage(await openDicom(bytes), bytes);
  }
  if (isDeepPng(head)) {
    requireFileSize(file);
    const bytes = whole ?? (await readBytes(file));
    const header = readImageHeader(bytes);
    // Turned ones are left to the decoder, which turns them.
    const deep = header.orientation === 1 ? await readDeepValues(bytes).catch(() => undefined) : undefined;
    if (deep) return deepImage(deep, bytes, 'png', header.isAnimated);
  }
  if (isTiff(head)) {
    requireFileSize(file);
    const bytes = whole ?? (await readBytes(file));
    const deep = await readDeepTiff(bytes);
    if (deep) return deepImage(deep, bytes, 'tiff', false);
  }
  // A file may be gone by now; what was read is not.
  return plainImage(await decode(whole ? new Blob([whole], { type: file.type }) : file));
}

const pngHeadBytes = 26;
/** More than a slice of any scanner takes. */
const readAtOnceBytes = 4 * 1024 ** 2;

/** By the first bytes of a file, never by its name. `head`: 512 of them or more, or all that there are. */
export function isDicom(head: Uint8Array): boolean {
  return recogniseDicom(head.subarray(0, recognisedBytes)) !== undefined;
}

function isTiff(head: Uint8Array): boolean {
  return /^(II\*\0|MM\0\*)/.test(String.fromCharCode(...head.subarray(0, 4)));
}

/** Undefined where it is not grey throughout with 16 bits, and upright. */
async function readDeepTiff(bytes: Uint8Array): Promise<DeepValues | undefined> {
  const { bitDepth, orientation } = readImageHeader(bytes);
  if (bitDepth !== 16 || orientation !== 1) return undefined;
  return deepValuesOfTiff(bytes);
}

/** With 16 bits a value, of grey without transparency. */
function isDeepPng(head: Uint8Array): boolean {
  return String.fromCharCode(...head.subarray(0, 4)) === '\x89PNG' && head[24] === 16 && head[25] === 0;
}
