import type { DecodedFile } from '../decode.ts';
import { readDeepValues } from '../formats/deep-values.ts';
import { readBytes, requireFileSize } from '../read-file.ts';
import { readImageHeader } from '../read-image-header.ts';
import { deepImage } from './deep-image.ts';
import type { OpenedImage } from './opened-image.ts';
import { plainImage } from './plain-image.ts';

/** Decodes a file of 8 bits a colour whole, with the decoders at hand. Fails as `readImageHeader` does. */
export type DecodePlain = (file: Blob) => Promise<DecodedFile>;

/**
 * Opens an image file of any kind that is read.
 * @throws what `decode` throws
 */
export async function openImage(file: Blob, decode: DecodePlain): Promise<OpenedImage> {
  const head = await readBytes(file.slice(0, pngHeadBytes));
  if (isDeepPng(head)) {
    requireFileSize(file);
    const bytes = await readBytes(file);
    const header = readImageHeader(bytes);
    // Turned ones are left to the decoder, which turns them.
    const deep = header.orientation === 1 ? await readDeepValues(bytes).catch(() => undefined) : undefined;
    if (deep) return deepImage(deep, bytes, header.isAnimated);
  }
  return plainImage(await decode(file));
}

const pngHeadBytes = 26;

/** With 16 bits a value, of grey without transparency. */
function isDeepPng(head: Uint8Array): boolean {
  return String.fromCharCode(...head.subarray(0, 4)) === '\x89PNG' && head[24] === 16 && head[25] === 0;
}
