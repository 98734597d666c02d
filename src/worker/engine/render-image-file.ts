import { writePng } from '../../imaging/write-png.ts';
import type { RenderImageRequest } from './image-messages.ts';
import type { OpenImages } from './open-images.ts';

/** The picture of an image as it is shown and asked about, as a PNG file. Rejects as `pictureOf` does. */
export async function renderImageFile(
  images: OpenImages,
  { id, file, presentation }: RenderImageRequest,
): Promise<Blob> {
  const picture = await images.pictureOf({ id, blob: file, presentation });
  return new Blob([await writePng(picture)], { type: 'image/png' });
}
