/** What the reading room asks: the engine's own code for images, in a worker beside it. */
import { transfer } from 'comlink';
import { lookAtFile } from '../../imaging/presented/look-at-file.ts';
import type { DecodePlain } from '../../imaging/presented/open-image.ts';
import { readHeader } from '../../imaging/presented/read-header.ts';
import { OpenImages } from '../engine/open-images.ts';
import { renderImageFile } from '../engine/render-image-file.ts';
import { serveVerbs } from '../verbs/serve-verbs.ts';
import { FrameCache } from './frame-cache.ts';
import { type ReadingApi, readingVerbs } from './reading-verbs.ts';
import { frameValues, showFrame } from './show-frame.ts';

export function createReadingApi(decode: DecodePlain): ReadingApi {
  const images = new OpenImages(decode);
  const frames = new FrameCache(images);
  return serveVerbs(
    readingVerbs,
    {
      lookAtFile,
      showFrame: request => showFrame(frames, request),
      prepareFrames: wanted => frames.prepare(wanted),
      forgetFrames: () => frames.clear(),
      keptFrames: () => frames.kept,
      pictureFile: request => renderImageFile(images, request),
      frameValues: request => frameValues(frames, request),
      listHeaders: async file => (await readHeader(file)) ?? [],
    },
    transfer,
  );
}
