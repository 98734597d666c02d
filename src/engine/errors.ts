import { formatCount } from './quantities.ts';
import { type Sentence, type SentenceValues, sentence } from './sentence.ts';
import { inWords, messageOf } from './thrown-in-words.ts';
import type { LoadChoice } from './types/memory.ts';

/**
 * Errors are data: a code that callers branch on, a message that says what happened, advice that says what to
 * do about it. They cross the worker boundary as plain objects and are rebuilt on the other side.
 */
export const errorCodes = [
  'no-webgpu',
  'no-processor',
  'adapter-too-small',
  'software-adapter',
  'too-slow',
  'slow-model',
  'device-lost',
  'out-of-memory',
  'gpu-error',
  'self-test-failed',
  'no-model',
  'not-gguf',
  'invalid-model',
  'truncated-model',
  'unsupported-model',
  'unsupported-type',
  'unsafe-model',
  'part-missing',
  'part-mismatch',
  'not-an-image',
  'unsupported-image',
  'damaged-image',
  'image-too-large',
  'image-too-small',
  'no-vision-model',
  'vision-mismatch',
  'unusable-template',
  'invalid-request',
  'not-importable',
  'unreadable-text',
  'context-full',
  'aborted',
  'busy',
  'network',
  'wrong-hash',
  'storage-full',
  'storage-unavailable',
  'worker-died',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** What crosses a worker boundary or is printed by the command line. */
export interface ErrorData {
  code: ErrorCode;
  /** Of the sentence that says what happened: the same in every version and language. Codes have several. */
  reason: string;
  /** What happened, in one sentence. */
  message: string;
  /** What was put into the sentence, raw: names, and numbers in the unit that their names say. */
  values: SentenceValues;
  /** What the reader can do about it. */
  advice: string;
  /** The underlying technical text, for a report; never needed to understand the message. */
  cause?: string;
  /** With `out-of-memory` while loading: what would fit, for buttons. */
  choices?: LoadChoice[];
}

export class BedsideError extends Error {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly values: SentenceValues;
  readonly advice: string;
  readonly choices: LoadChoice[] | undefined;

  constructor(code: ErrorCode, message: Sentence, advice: string, cause?: unknown, choices?: LoadChoice[]) {
    const { reason, text, values } = message;
    super(text, cause === undefined ? undefined : { cause });
    this.name = 'BedsideError';
    this.code = code;
    this.reason = reason;
    this.values = values;
    this.advice = advice;
    this.choices = choices;
  }

  /** What happened, to be put into another sentence. */
  get sentence(): Sentence {
    return { reason: this.reason, text: this.message, values: this.values };
  }
}

/**
 * A model file that is not what it claims to be. `offset` is the byte in the file at which reading stopped; `what` has no
 * full stop.
 */
export class FormatError extends BedsideError {
  readonly offset: number;

  constructor(
    offset: number,
    what: Sentence,
    code:
      | 'not-gguf'
      | 'invalid-model'
      | 'truncated-model'
      | 'unsupported-model'
      | 'unsupported-type'
      | 'unsafe-model' = 'invalid-model',
    advice = 'The file may be damaged or incomplete. Get it again from where it came from and check its size.',
  ) {
    // Where in the file helps with damage; of another kind of file it says nothing.
    const isDamage = code === 'invalid-model' || code === 'truncated-model';
    const { reason, text, values } = what;
    super(
      code,
      isDamage
        ? { reason, text: `${text} (at byte ${formatCount(offset)}).`, values: { ...values, atByte: offset } }
        : { reason, text: `${text}.`, values },
      advice,
    );
    this.name = 'FormatError';
    this.offset = offset;
  }
}

export function abortedError(): BedsideError {
  return new BedsideError('aborted', sentence`stopped: Stopped.`, 'Ask again when you are ready.');
}

/** Turns anything thrown into data. Unknown throws become `internal` and keep their text as the cause. */
export function toErrorData(thrown: unknown): ErrorData {
  if (thrown instanceof BedsideError) {
    const { cause } = thrown;
    return {
      code: thrown.code,
      reason: thrown.reason,
      message: thrown.message,
      values: thrown.values,
      advice: thrown.advice,
      ...(cause === undefined ? {} : { cause: messageOf(cause) }),
      ...(thrown.choices === undefined ? {} : { choices: thrown.choices }),
    };
  }
  if (thrown instanceof DOMException && thrown.name === 'AbortError') return toErrorData(abortedError());
  return toErrorData(
    new BedsideError(
      'internal',
      sentence`internal-error: Something went wrong inside Bedside.`,
      'Your conversation is kept. Try again; if it happens again, reload the page.',
      inWords(thrown),
    ),
  );
}

export function fromErrorData(data: ErrorData): BedsideError {
  const { code, reason, message, values, advice, cause, choices } = data;
  return new BedsideError(code, { reason, text: message, values }, advice, cause, choices);
}
