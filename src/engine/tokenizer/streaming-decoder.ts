import type { Tokenizer } from './tokenizer.ts';

export interface StreamingDecoderOptions {
  /** An answer ends before the first of these that is completed; it is not part of the answer. */
  stopStrings: readonly string[];
  /** Drop one space at the very beginning. */
  stripLeadingSpace: boolean;
}

export interface StreamingDecoder {
  /** The text that became certain with this token. Once stopped, always empty and stopped. */
  push(id: number): { text: string; stopped: boolean };
  /** What was held back; an incomplete character becomes U+FFFD. */
  finish(): string;
}

/**
 * Ids to text as they come. Joined, the texts are what `decode` makes of all the ids, up to a stop string. Held
 * back until they are certain: bytes that do not yet make a character, and a tail that could begin a stop string.
 */
export function createStreamingDecoder(
  tokenizer: Pick<Tokenizer, 'decodePiece'>,
  { stopStrings, stripLeadingSpace }: StreamingDecoderOptions,
): StreamingDecoder {
  const stops = stopStrings.filter(stop => stop !== '');
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  let atStart = true;
  let held = '';
  let stopped = false;

  function accept(text: string): string {
    if (text === '') return '';
    held += atStart && stripLeadingSpace && text.startsWith(' ') ? text.slice(1) : text;
    atStart = false;
    const cut = findStop(held, stops);
    if (cut >= 0) stopped = true;
    const certain = cut >= 0 ? cut : held.length - possibleStopLength(held, stops);
    const ready = held.slice(0, certain);
    held = stopped ? '' : held.slice(certain);
    return ready;
  }

  return {
    push(id) {
      if (stopped) return { text: '', stopped };
      const text = accept(utf8.decode(tokenizer.decodePiece(id), { stream: true }));
      return { text, stopped };
    },
    finish() {
      if (stopped) return '';
      const rest = accept(utf8.decode()) + held;
      held = '';
      return rest;
    },
  };
}

/**
 * Where the stop string that is completed first begins; -1 when there is none. Not the one that begins first:
 * that could depend on how the text was cut into tokens.
 */
function findStop(text: string, stops: readonly string[]): number {
  let found = -1;
  let foundEnd = Number.POSITIVE_INFINITY;
  for (const stop of stops) {
    const start = text.indexOf(stop);
    const end = start + stop.length;
    if (start >= 0 && (end < foundEnd || (end === foundEnd && start < found))) {
      found = start;
      foundEnd = end;
    }
  }
  return found;
}

/** Length of the longest tail that a stop string begins with. */
function possibleStopLength(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) longest = length;
    }
  }
  return longest;
}
