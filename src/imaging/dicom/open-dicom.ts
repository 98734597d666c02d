import type { DicomWarning } from '../../engine/types/dicom.ts';
import { readDicom } from './data-set/read-dicom.ts';
import type { DicomFile } from './dicom-file.ts';
import { describe } from './header/describe.ts';
import { refuseObject } from './header/object-kinds.ts';
import { findFrames } from './pixels/frame-store.ts';
import { isPalette, readImagePixel } from './pixels/image-pixel.ts';
import { presentFrame } from './present-frame.ts';
import { readPalette } from './views/palette.ts';

/**
 * Opens a DICOM file, whose bytes are kept and must not change. Nothing is decoded yet. Fails with a `BedsideError` whose reason is one
 * of `dicom-errors.ts`.
 */
export async function openDicom(bytes: Uint8Array): Promise<DicomFile> {
  const parsed = await readDicom(bytes);
  const { dataSet } = parsed;
  const refusal = refuseObject(dataSet, parsed.metaSopClassUid);
  if (refusal) throw refusal;
  const image = readImagePixel(dataSet);
  const palette = isPalette(image) ? readPalette(dataSet, image.isSigned) : undefined;
  const store = findFrames(parsed, image);
  const header = describe(parsed, image, store.count);
  const warnings = new Set<DicomWarning>([...header.warnings, ...store.warnings]);
  if (palette?.isShallow) warnings.add('palette-depth');
  return {
    meta: header.meta,
    identity: header.identity,
    warnings: [...warnings],
    decodeFrame: index => presentFrame({ image, store, header, palette }, index),
  };
}
