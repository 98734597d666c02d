import { BedsideError, toErrorData } from '../../engine/errors.ts';
import { groupSeries } from '../../imaging/presented/group-series.ts';
import { lookAtFile } from '../../imaging/presented/look-at-file.ts';
import { sha256Hex } from '../../storage/sha256.ts';
import { createPace } from '../verbs/pace.ts';
import type { Report } from '../verbs/serve-verbs.ts';
import type { FileReports } from './engine-verbs.ts';
import type { OpenedFile, OpenedFiles, OpenFilesRequest } from './image-messages.ts';

const progressIntervalMs = 50;

/** One after the other: a folder of large files would not fit in memory at once. Rejects with 'aborted'. */
export async function openFiles(
  { files }: OpenFilesRequest,
  signal: AbortSignal,
  report: Report<FileReports>,
): Promise<OpenedFiles> {
  const isDue = createPace(progressIntervalMs);
  const images: OpenedFile[] = [];
  const passedOver: number[] = [];
  const refused: OpenedFiles['refused'][number][] = [];
  for (const [place, { file }] of files.entries()) {
    signal.throwIfAborted();
    try {
      const { bytes, ...facts } = await lookAtFile(file);
      images.push({ file: place, id: await sha256Hex(bytes), ...facts });
    } catch (thrown) {
      // In a folder lies what is no image and was not meant to be one.
      const isOther = thrown instanceof BedsideError && thrown.code === 'not-an-image' && files.length > 1;
      if (isOther) passedOver.push(place);
      else refused.push({ file: place, error: toErrorData(thrown) });
    }
    const done = place + 1;
    if (isDue('files', done === files.length)) report('progress', done, files.length);
  }
  const series = groupSeries(images.map(image => ({ ...image, path: files[image.file]!.path })));
  return {
    images,
    series: series.map(({ key, files: found }) => ({ key, files: found.map(({ file }) => file) })),
    passedOver,
    refused,
  };
}
