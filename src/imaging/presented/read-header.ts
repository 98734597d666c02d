import { blankIdentity } from '../dicom/header/blank-identity.ts';
import { type HeaderRow, readHeaderRows } from '../dicom/header/header-rows.ts';
import { readBytes, requireFileSize } from '../read-file.ts';
import { isDicom } from './open-image.ts';

/** The elements of a DICOM file; undefined of another one. Fails as `readHeaderRows` does. */
export async function readHeader(file: Blob): Promise<HeaderRow[] | undefined> {
  const bytes = await dicomBytes(file);
  return bytes && readHeaderRows(bytes);
}

/** The file without what may say whose image it is; undefined where it is no DICOM file. Fails as `blankIdentity` does. */
export async function blankHeader(file: Blob): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = await dicomBytes(file);
  return bytes && blankIdentity(bytes);
}

async function dicomBytes(file: Blob): Promise<Uint8Array<ArrayBuffer> | undefined> {
  requireFileSize(file);
  const bytes = await readBytes(file);
  return isDicom(bytes) ? bytes : undefined;
}
