import { lookAtDicom } from '../dicom/look-at-dicom.ts';
import { readBytes, requireFileSize } from '../read-file.ts';
import { readImageHeader, recogniseImage } from '../read-image-header.ts';
import { isDicom } from './open-image.ts';
import type { OpenedImage } from './opened-image.ts';

type FileFacts = Pick<OpenedImage, 'size' | 'frames' | 'dicom'>;

/** Most headers of DICOM files are within these bytes. */
const firstBytes = 32_768;
/** How many times as much is read where they are not. */
const growth = 8;

/**
 * What the header of an image file says; nothing is decoded. Of a DICOM file no more is read than up to its pixels, of what is no
 * image its first bytes. Fails as `openImage` does for what the header tells.
 */
export async function lookAtFile(file: Blob): Promise<FileFacts> {
  requireFileSize(file);
  const head = await readBytes(file.slice(0, firstBytes));
  if (isDicom(head)) return lookAtDicomFile(file, head);
  recogniseImage(head, file.size);
  const { width, height, orientation } = readImageHeader(await readBytes(file));
  // From 5 on, the picture lies on its side.
  const size = orientation < 5 ? { width, height } : { width: height, height: width };
  return { size, frames: 1, dicom: null };
}

async function lookAtDicomFile(file: Blob, head: Uint8Array): Promise<FileFacts> {
  let facts = await lookAtDicom(head, file.size);
  for (let bytes = firstBytes * growth; !facts; bytes *= growth) {
    facts = await lookAtDicom(await readBytes(file.slice(0, bytes)), file.size);
  }
  const { meta, identity } = facts;
  return {
    size: { width: meta.columns, height: meta.rows },
    frames: meta.framesReadable,
    dicom: { meta, identity },
  };
}
