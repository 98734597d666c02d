import type { ImageHeader } from '../image-header.ts';
import { readTiffPage } from './tiff-page.ts';

/** Fails as `readTiffPage` does. */
export function readTiffHeader(file: Uint8Array): ImageHeader {
  const { width, height, bits, alpha, orientation } = readTiffPage(file);
  return {
    format: 'tiff',
    width,
    height,
    orientation,
    isAnimated: false,
    hasAlpha: alpha !== 'none',
    bitDepth: bits,
  };
}
