import { type ErrorData, type ImageFacts, type PickedFile, toErrorData } from '../../../client/index.ts';
import type { Study, StudyFile } from './image-facts.ts';

export interface ReadingProgress {
  done: number;
  total: number;
  /** Of those that were read, how many can be shown. */
  images: number;
}

interface ReadStudyOptions {
  /** Reads the header alone. Rejects where the file is no image. */
  describe(file: Blob): Promise<ImageFacts>;
  signal: AbortSignal;
  onProgress(progress: ReadingProgress): void;
}

/** Asked for beside one another, so that the worker reads while the disk answers. */
const atOnce = 4;

/**
 * Reads the headers of files. What is stopped resolves with what was read until then. A file that is no image is passed over
 * where others are; what looks like an image and cannot be shown is told of by name.
 */
export async function readStudy(
  picked: readonly PickedFile[],
  { describe, signal, onProgress }: ReadStudyOptions,
): Promise<Study> {
  const found: (StudyFile | undefined)[] = [];
  const refused: { path: string; error: ErrorData }[] = [];
  let [next, done, images, passedOver] = [0, 0, 0, 0];
  const read = async () => {
    for (let place = next++; place < picked.length && !signal.aborted; place = next++) {
      const { file, path } = picked[place]!;
      try {
        found[place] = { file, path, facts: await describe(file) };
        images += 1;
      } catch (thrown) {
        const error = toErrorData(thrown);
        if (error.code === 'not-an-image' && picked.length > 1) passedOver += 1;
        else refused.push({ path, error });
      }
      done += 1;
      onProgress({ done, total: picked.length, images });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, read));
  return { files: found.filter(file => file !== undefined), passedOver, refused };
}
