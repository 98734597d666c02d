import { BedsideError, type Sentence } from '../../client/index.ts';

/** Something in a file that is taken in is not as it has to be. */
export function notImportable(what: Sentence, cause?: unknown): BedsideError {
  return new BedsideError(
    'not-importable',
    what,
    'Nothing was added or changed. Choose a file that Bedside has exported, or the conversations.json of a ChatGPT export.',
    cause,
  );
}
