import { sentence } from '../engine/sentence.ts';
import { type StretchedPng, stretchDeepPng } from './formats/deep-png.ts';
import { damagedImage } from './formats/image-errors.ts';
import type { ImageHeader } from './formats/image-header.ts';

/** As `stretchDeepPng`, for a file of any format; fails with `damaged-image`. */
export async function stretchIfDeep(
  bytes: Uint8Array,
  header: ImageHeader,
): Promise<StretchedPng | undefined> {
  if (header.format !== 'png' || header.bitDepth !== 16) return undefined;
  return stretchDeepPng(bytes).catch((error: unknown) => {
    throw damagedImage('png', sentence`pixels-cannot-be-decoded: its pixels cannot be decoded`, error);
  });
}
