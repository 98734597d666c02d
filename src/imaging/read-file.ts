import { BedsideError } from '../engine/errors.ts';
import { sentence } from '../engine/sentence.ts';

/** More than any image of 100 megapixels takes, and less than makes a page fail. */
const mostBytes = 1024 ** 3;

/** A part of a file, or all of it. Fails with `damaged-image` where the browser cannot read it any more. */
export async function readBytes(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new BedsideError(
      'damaged-image',
      sentence`file-could-not-be-read: This file could not be read.`,
      'It may have been moved or changed since it was attached. Attach it again.',
      error,
    );
  }
}

/** Fails with `image-too-large`. */
export function requireFileSize(file: Blob): void {
  if (file.size <= mostBytes) return;
  throw new BedsideError(
    'image-too-large',
    sentence`image-file-too-large: This image file is larger than 1 GiB.`,
    'Make the image smaller, or cut out the part that you ask about, and attach that.',
  );
}
