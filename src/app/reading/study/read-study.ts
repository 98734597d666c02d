import { type ImageFacts, toErrorData } from '../../../client/index.ts';
import type { FileListing } from '../../state/images/file-listing.ts';
import type { Study, StudyFile } from './image-facts.ts';

interface ReadStudyOptions {
  /** Reads the header alone. Rejects where the file is no image. */
  describe(file: Blob): Promise<ImageFacts>;
  signal: AbortSignal;
  /** What was read until now: at the first image, and then each time that it is noticeably more. */
  onGrowth(study: Study): void;
}

/** Asked for beside one another, so that the worker reads while the disk answers, and has many with one message. */
const atOnce = 16;
/** A part of all files, of which it is told: every one would keep the page busy with itself. */
const toldParts = 25;

type Refusal = Study['refused'][number];
type Outcome = { file: StudyFile } | { refusal: Refusal } | { other: Refusal };

/**
 * Reads the headers of files. What is stopped resolves with what was read until then. A file that is no image is passed over
 * where others are; what looks like an image and cannot be shown is told of by name.
 */
export async function readStudy(
  listing: FileListing,
  { describe, signal, onGrowth }: ReadStudyOptions,
): Promise<Study> {
  const picked = listing.files;
  const outcomes: (Outcome | undefined)[] = [];
  const files: StudyFile[] = [];
  const refused: Refusal[] = [];
  const others: Refusal[] = [];
  let [next, done, told] = [0, 0, 0];
  const study = (isReading: boolean): Study => {
    const isAlone = !isReading && listing.isWhole && picked.length === 1;
    return {
      files: [...files],
      passedOver: isAlone ? 0 : others.length,
      refused: isAlone ? [...refused, ...others] : [...refused],
      toCome: picked.length - done,
      isReading,
    };
  };
  // In the order of the files, whichever was read first.
  const take = () => {
    const before = files.length;
    for (let outcome = outcomes[done]; outcome; outcome = outcomes[++done]) {
      if ('file' in outcome) files.push(outcome.file);
      else if ('other' in outcome) others.push(outcome.other);
      else refused.push(outcome.refusal);
    }
    const isFirst = before === 0 && files.length > 0;
    const step = Math.min(Math.ceil(told / 2), Math.ceil(picked.length / toldParts));
    const isEnd = listing.isWhole && done === picked.length;
    if (isEnd || (!isFirst && done < told + Math.max(1, step))) return;
    told = done;
    onGrowth(study(true));
  };
  const read = async (place: number) => {
    const { file, path } = picked[place]!;
    try {
      outcomes[place] = { file: { file, path, facts: await describe(file) } };
    } catch (thrown) {
      const refusal = { path, error: toErrorData(thrown) };
      outcomes[place] = refusal.error.code === 'not-an-image' ? { other: refusal } : { refusal };
    }
    take();
  };
  const aborted = whenAborted(signal);
  const readOn = async () => {
    while (!signal.aborted) {
      if (next < picked.length) await read(next++);
      else if (listing.isWhole) return;
      else await Promise.race([listing.change(), aborted]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, readOn));
  return study(false);
}

const whenAborted = (signal: AbortSignal) =>
  new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }));
