import { openDicom } from '../dicom/open-dicom.ts';
import { readBytes, requireFileSize } from '../read-file.ts';
import { readImageHeader } from '../read-image-header.ts';
import { isDicom } from './open-image.ts';
import type { OpenedImage } from './opened-image.ts';

type FileFacts = Pick<OpenedImage, 'size' | 'frames' | 'dicom'>;

/** What the header of an image file says; nothing is decoded. Fails as `openImage` does for what the header tells. */
export async function lookAtFile(file: Blob): Promise<FileFacts> {
  requireFileSize(file);
  const bytes = await readBytes(file);
  if (isDicom(bytes)) {
    const { meta, identity } = await openDicom(bytes);
    const size = { width: meta.columns, height: meta.rows };
    return { size, frames: meta.framesReadable, dicom: { meta, identity } };
  }
  const { width, height, orientation } = readImageHeader(bytes);
  // From 5 on, the picture lies on its side.
  const size = orientation < 5 ? { width, height } : { width: height, height: width };
  return { size, frames: 1, dicom: null };
}
