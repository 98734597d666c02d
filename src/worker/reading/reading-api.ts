/** What the reading room asks: the engine's own code for images, in a worker beside it. */
import { transfer } from 'comlink';
import { lookAtFile } from '../../imaging/presented/look-at-file.ts';
import type { DecodePlain } from '../../imaging/presented/open-image.ts';
import { readHeader } from '../../imaging/presented/read-header.ts';
import { OpenImages } from '../engine/open-images.ts';
import { renderImageFile } from '../engine/render-image-file.ts';
import { resultOf } from '../verbs/result.ts';
import { serveVerbs } from '../verbs/serve-verbs.ts';
import { FrameCache } from './frame-cache.ts';
import { type ReadingApi, readingVerbs } from './reading-verbs.ts';
import { SentFiles } from './sent-files.ts';
import { frameValues, showFrame } from './show-frame.ts';

export function createReadingApi(decode: DecodePlain): ReadingApi {
  const images = new OpenImages(decode);
  const frames = new FrameCache(images);
  const files = new SentFiles();
  return serveVerbs(
    readingVerbs,
    {
      lookAtFiles: files => Promise.all(files.map(file => resultOf(() => lookAtFile(file)))),
      showFrame: request => showFrame(frames, files.complete(request)),
      prepareFrames: wanted => frames.prepare(wanted.map(each => files.complete(each))),
      forgetFrames: () => {
        frames.clear();
        files.clear();
      },
      keptFrames: () => frames.kept,
      pictureFile: request => renderImageFile(images, files.complete(request)),
      frameValues: request => frameValues(frames, files.complete(request)),
      listHeaders: async file => (await readHeader(file)) ?? [],
    },
    transfer,
  );
}
