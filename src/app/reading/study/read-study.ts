import { type ErrorData, type ImageFacts, type PickedFile, toErrorData } from '../../../client/index.ts';
import type { Study, StudyFile } from './image-facts.ts';

interface ReadStudyOptions {
  /** Reads the header alone. Rejects where the file is no image. */
  describe(file: Blob): Promise<ImageFacts>;
  signal: AbortSignal;
  /** What was read until now: at the first image, and then each time that it is noticeably more. */
  onGrowth(study: Study): void;
}

/** Asked for beside one another, so that the worker reads while the disk answers. */
const atOnce = 4;
/** A part of all files, of which it is told: every one would keep the page busy with itself. */
const toldParts = 25;

type Outcome = { file: StudyFile } | { refusal: { path: string; error: ErrorData } } | 'passed over';

/**
 * Reads the headers of files. What is stopped resolves with what was read until then. A file that is no image is passed over
 * where others are; what looks like an image and cannot be shown is told of by name.
 */
export async function readStudy(
  picked: readonly PickedFile[],
  { describe, signal, onGrowth }: ReadStudyOptions,
): Promise<Study> {
  const outcomes: (Outcome | undefined)[] = [];
  const files: StudyFile[] = [];
  const refused: { path: string; error: ErrorData }[] = [];
  let [next, done, passedOver, told] = [0, 0, 0, 0];
  const study = (isReading: boolean): Study => ({
    files: [...files],
    passedOver,
    refused: [...refused],
    toCome: picked.length - done,
    isReading,
  });
  // In the order of the files, whichever was read first.
  const take = () => {
    const before = files.length;
    for (let outcome = outcomes[done]; outcome; outcome = outcomes[++done]) {
      if (outcome === 'passed over') passedOver += 1;
      else if ('file' in outcome) files.push(outcome.file);
      else refused.push(outcome.refusal);
    }
    const isFirst = before === 0 && files.length > 0;
    const step = Math.min(Math.ceil(told / 2), Math.ceil(picked.length / toldParts));
    if (done === picked.length || (!isFirst && done < told + Math.max(1, step))) return;
    told = done;
    onGrowth(study(true));
  };
  const read = async () => {
    for (let place = next++; place < picked.length && !signal.aborted; place = next++) {
      const { file, path } = picked[place]!;
      try {
        outcomes[place] = { file: { file, path, facts: await describe(file) } };
      } catch (thrown) {
        const error = toErrorData(thrown);
        const isOther = error.code === 'not-an-image' && picked.length > 1;
        outcomes[place] = isOther ? 'passed over' : { refusal: { path, error } };
      }
      take();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, read));
  return study(false);
}
