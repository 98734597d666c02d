import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';

const advice =
  'The file may be meant for another program. Choose one of the forms that come with Bedside for it, or use another model.';

const longestSaid = 300;

/** The template called `raise_exception`: it was written to refuse this conversation. */
export function refusedByTemplate(words: string): BedsideError {
  const said = printable(words);
  return new BedsideError(
    'unusable-template',
    sentence`template-refuses: This model's chat template refuses the conversation: "${{ said }}".`,
    'Start a new conversation, or choose one of the forms that come with Bedside for this model.',
    said,
  );
}

export function tooLongRunning(what: string): BedsideError {
  return new BedsideError(
    'unusable-template',
    sentence`template-too-long-running: This model's chat template asks for more work than a prompt needs.`,
    advice,
    what,
  );
}

export function outputTooLarge(characters: number): BedsideError {
  return new BedsideError(
    'unusable-template',
    sentence`template-output-too-large: This model's chat template writes more than ${{ characters }} characters, far more than the conversation has.`,
    advice,
  );
}

/** What Jinja has and Bedside does not compute: named, never left out. */
export function unknownConstruct(construct: string): BedsideError {
  const named = printable(construct);
  return new BedsideError(
    'unusable-template',
    sentence`template-construct: This model's chat template uses something that Bedside does not know: ${{ construct: named }}.`,
    advice,
    named,
  );
}

export function templateTooLarge(characters: number, limit: number): BedsideError {
  return new BedsideError(
    'unusable-template',
    sentence`template-too-large: This model's chat template has ${{ characters }} characters; Bedside reads at most ${{ limit }}.`,
    advice,
  );
}

/** What Python would raise as well: an undefined name that is used, a wrong type, broken syntax. */
export function templateError(problem: string): BedsideError {
  const said = printable(problem).replace(/\.+$/, '');
  return new BedsideError(
    'unusable-template',
    sentence`template-error: This model's chat template has an error: ${{ problem: said }}.`,
    advice,
    said,
  );
}

/** Strangers' words in ours: no control characters, none that turn the writing direction, and not at length. */
function printable(words: string): string {
  const shown = words
    .slice(0, 4 * longestSaid)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  const characters = Array.from(shown);
  return characters.length > longestSaid ? `${characters.slice(0, longestSaid).join('')}...` : shown;
}
