/** Which model answers a question: decided by what is asked, never by what happens to be loaded. */
import type { Message } from '../../../client/index.ts';
import type { ModelChoice } from './model-choice.ts';
import { type ModelState, onDuty } from './model-store.ts';

/** What decides. */
export interface Question {
  hasImages: boolean;
  /** It follows on an answer about images. */
  followsImages: boolean;
}

export interface Answerer {
  /** Null where there is none. */
  model: ModelChoice | null;
  /** The reader means it, the question has images, or it follows on some. */
  because: 'meant' | 'images' | 'earlier images';
}

/** Of a path that ends with the question. */
export function questionOf(path: readonly Message[]): Question {
  return nextQuestion(path.slice(0, -1), path.at(-1)?.images !== undefined);
}

/** Of the question that would come next on a path. */
export function nextQuestion(path: readonly Message[], hasImages: boolean): Question {
  const lastAnswer = path.findLastIndex(({ role, text }) => role === 'assistant' && text.trim() !== '');
  // Asked about images and not answered yet, or answered by a model that saw them.
  const isOpen = path.slice(lastAnswer + 1).some(({ images }) => images);
  return { hasImages, followsImages: isOpen || path[lastAnswer]?.vision !== undefined };
}

/**
 * The model that the reader means, but where the question has images that it cannot see. A question that follows on images is
 * about them, unless the reader has chosen a model by hand since an image was asked about.
 */
export function chooseAnswerer({ hasImages, followsImages }: Question, state: ModelState): Answerer {
  const meant = here(state.meant, state) ?? onDuty(state);
  if (meant && seesImages(meant)) return { model: meant, because: 'meant' };
  if (hasImages) return { model: findSeeing(state), because: 'images' };
  if (followsImages && !state.meant?.isChosen) {
    const seeing = findSeeing(state);
    // One that reads each question alone would see nothing of them.
    if (seeing?.entry.includeHistory) return { model: seeing, because: 'earlier images' };
  }
  return { model: meant, because: 'meant' };
}

export function seesImages({ entry, files }: ModelChoice): boolean {
  return entry.vision !== undefined && (files === null || files.visionFile !== undefined);
}

/** The one on duty, else the one that the reader chose last, else one that is on this device, else the demonstration. */
function findSeeing(state: ModelState): ModelChoice | null {
  const current = state.phase === 'failed' || state.phase === 'empty' ? null : onDuty(state);
  if (current && seesImages(current)) return current;
  const before = here(state.seeing, state);
  if (before) return before;
  const all = state.catalogue.filter(({ vision }) => vision?.file);
  const entry = all.findLast(({ kind }) => kind === 'installed') ?? all[0];
  return entry ? { entry, files: null } : null;
}

/** Not one that was deleted from the library meanwhile: nothing is fetched again unasked. */
function here<T extends ModelChoice>(choice: T | null, { catalogue }: ModelState): T | null {
  if (choice?.entry.kind !== 'installed') return choice;
  return catalogue.some(({ id }) => id === choice.entry.id) ? choice : null;
}
