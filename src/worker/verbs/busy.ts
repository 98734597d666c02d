import { BedsideError } from '../../engine/errors.ts';
import type { Sentence } from '../../engine/sentence.ts';

/** What the reader hears while something runs that runs alone. */
export interface BusyWords {
  message: Sentence;
  advice: string;
}

export function busyError({ message, advice }: BusyWords): BedsideError {
  return new BedsideError('busy', message, advice);
}
