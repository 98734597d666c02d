import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';

interface StepLimits {
  vocabulary: number;
  /** Of one step. */
  mostTokens: number;
  contextTokens: number;
}

/** @throws `invalid-request` for ids that are no tokens or too many, `context-full` past the last position */
export function checkStep(
  ids: readonly number[],
  position: number,
  { vocabulary, mostTokens, contextTokens }: StepLimits,
): void {
  const outside = ids.find(id => !(Number.isInteger(id) && id >= 0 && id < vocabulary));
  if (outside !== undefined || ids.length === 0 || ids.length > mostTokens) {
    throw new BedsideError(
      'invalid-request',
      outside === undefined
        ? sentence`wrong-number-of-tokens: A step must have 1 to ${{ most: mostTokens }} tokens, not ${{ tokens: ids.length }}.`
        : sentence`token-out-of-range: ${{ token: String(outside) }} is not a token of this model; its vocabulary has ${{ vocabulary }} entries.`,
      'Check the token ids.',
    );
  }
  if (position + ids.length > contextTokens) throw contextFullError(contextTokens);
}

/** `tokens`: those of the question, where they were counted. */
export function contextFullError(limit: number, tokens?: number): BedsideError {
  return new BedsideError(
    'context-full',
    tokens === undefined
      ? sentence`text-longer-than-context: The text is longer than the ${{ contextTokens: limit }} tokens that this model can read at once.`
      : sentence`question-longer-than-context: The question has ${{ tokens }} tokens; this model can read ${{ contextTokens: limit }} tokens at once, question and answer included.`,
    'Shorten the question, or choose a model that reads more.',
  );
}
