/** Which model answers a question: decided by what is asked, never by what happens to be loaded. */
import type { Message } from '../../client/index.ts';
import { type ModelChoice, type ModelState, onDuty } from './model-store.ts';

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
  const meant = state.meant ?? onDuty(state);
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
  if (state.seeing) return state.seeing;
  const here = state.catalogue.filter(({ vision }) => vision?.file);
  const entry = here.findLast(({ kind }) => kind === 'installed') ?? here[0];
  return entry ? { entry, files: null } : null;
}
