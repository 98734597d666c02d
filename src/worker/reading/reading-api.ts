/** What the reading room asks: the engine's own code for images, in a worker beside it. */
import { lookAtFile } from '../../imaging/presented/look-at-file.ts';
import type { DecodePlain } from '../../imaging/presented/open-image.ts';
import { readHeader } from '../../imaging/presented/read-header.ts';
import { OpenImages } from '../engine/open-images.ts';
import { describeFrame, imageValues, renderImage, renderImageFile } from '../engine/show-image.ts';
import { serveVerbs } from '../verbs/serve-verbs.ts';
import { type ReadingApi, readingVerbs } from './reading-verbs.ts';

export function createReadingApi(decode: DecodePlain): ReadingApi {
  const images = new OpenImages(decode);
  return serveVerbs(readingVerbs, {
    async lookAtFile(file) {
      const { size, frames, dicom } = await lookAtFile(file);
      return { size, frames, dicom };
    },
    async showFrame(request) {
      const { id, file, presentation } = request;
      const picture = await renderImage(images, request);
      return { ...picture, ...(await describeFrame(images, { id, file, frame: presentation.frame })) };
    },
    pictureFile: request => renderImageFile(images, request),
    frameValues: request => imageValues(images, request),
    listHeaders: async file => (await readHeader(file)) ?? [],
  });
}
