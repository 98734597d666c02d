import { BedsideError } from '../../engine/errors.ts';
import { readDicom } from './data-set/read-dicom.ts';
import type { DicomFile } from './dicom-file.ts';
import { describe } from './header/describe.ts';
import { refuseObject } from './header/object-kinds.ts';
import { openDicom } from './open-dicom.ts';
import { countFrames } from './pixels/frame-store.ts';
import { isPalette, readImagePixel } from './pixels/image-pixel.ts';
import { readPalette } from './views/palette.ts';

export type DicomFacts = Pick<DicomFile, 'meta' | 'identity'>;

/**
 * What a file's header says, from its first bytes. Undefined where more of them are needed. Fails as `openDicom` does; what is wrong
 * with compressed pixels is found when they are decoded.
 * @param fileBytes of the whole file
 */
export async function lookAtDicom(beginning: Uint8Array, fileBytes: number): Promise<DicomFacts | undefined> {
  if (beginning.length >= fileBytes) return openDicom(beginning);
  try {
    return await describeBeginning(beginning, fileBytes);
  } catch (error) {
    if (isOfMore(error)) return undefined;
    throw error;
  }
}

async function describeBeginning(beginning: Uint8Array, fileBytes: number): Promise<DicomFacts> {
  const parsed = await readDicom(beginning, fileBytes);
  const refusal = refuseObject(parsed.dataSet, parsed.metaSopClassUid);
  if (refusal) throw refusal;
  const image = readImagePixel(parsed.dataSet);
  if (isPalette(image)) readPalette(parsed.dataSet, image.isSigned);
  const { meta, identity } = describe(parsed, image, countFrames(parsed, image));
  return { meta, identity };
}

/** An element that goes beyond the bytes at hand, which is damage only where the file ends there. */
const isOfMore = (error: unknown) =>
  error instanceof RangeError || (error instanceof BedsideError && error.reason === 'truncated-header');
