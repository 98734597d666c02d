/** Which option an answer chose, by rules: the first that applies. English words; letters and the options' own texts in any language. */
import { answerOf } from '../../client/index.ts';
import type { QuestionOption } from './question-options.ts';

type Option = Pick<QuestionOption, 'letter' | 'text'>;

/** A letter by itself: no article ("a disease"), no beginning of a word. Small ones only where a bracket, a stop or the end follows. */
const loneLetter = `(?:[("'\\[]\\s*([A-Ja-j])\\s*[)"'\\]]|([A-J])(?![\\w'’]|-\\p{L})|([a-j])(?=\\s*(?:[).:]|$)))`;

/** What announces a choice; the letter follows. "Answer" and its kin only with "is" or a colon, so that nothing between is passed over. */
const announced = [
  `(?:answer|option|choice|response)\\s*(?:is|was|would be|should be|must be|:)\\s*:?\\s*(?:most likely|probably|likely|therefore|clearly)?\\s*(?:option|choice|letter)?\\s*`,
  `\\b(?:i|we)\\s+(?:would\\s+|think\\s+it\\s+is\\s+)?(?:choose|pick|select|go with|say)?\\s*(?:option|choice|letter)?\\s*(?=[("'\\[]?[A-J]\\b)`,
  `\\b(?:it is|it's)\\s+(?:option|choice|letter)?\\s*(?=[("'\\[]?[A-J]\\b)`,
  `\\b(?:choice|answer)\\s+is\\s+option\\s+`,
  `\\\\boxed\\s*\\{\\s*`,
];

/** Null where none is named, or more than one. */
export function chosenOption(answer: string, options: readonly Option[]): string | null {
  const text = answerOf(answer)
    .normalize('NFKC')
    .replace(/[*`]|__/g, '')
    .trim();
  if (text === '') return null;
  const letters = new Set(options.map(({ letter }) => letter));
  return (
    byStatement(text, letters) ??
    byAnnouncement(text, options, letters) ??
    byWhole(text, options) ??
    byLeadingLetter(text, letters) ??
    byText(text, options)
  );
}

/** "Option C is correct", "B is the right answer". */
function byStatement(text: string, letters: ReadonlySet<string>): string | null {
  const stated = [
    ...text.matchAll(/\boption\s+([a-j])\s+is\s+(?:the\s+)?(?:correct|right|best)\b/gi),
    ...text.matchAll(/\b([A-J])\)?\s+is\s+(?:the\s+)?(?:correct|right|best)\b/g),
  ].map(([, letter]) => letter!.toUpperCase());
  return onlyOne(stated.filter(letter => letters.has(letter)));
}

function byAnnouncement(
  text: string,
  options: readonly Option[],
  letters: ReadonlySet<string>,
): string | null {
  let last: { at: number; letter: string | null } | undefined;
  for (const words of announced) {
    for (const hit of text.matchAll(new RegExp(words, 'giu'))) {
      const at = hit.index + hit[0].length;
      const letter = textAt(text.slice(at), options) ?? letterAt(text.slice(at), letters);
      if (letter !== undefined && (!last || at >= last.at)) last = { at, letter };
    }
  }
  return last?.letter ?? null;
}

/** The text of an option at the beginning, the longest that fits. */
function textAt(text: string, options: readonly Option[]): string | undefined {
  const folded = fold(text.replace(/^["'“(]/, ''));
  return [...options]
    .sort((a, b) => b.text.length - a.text.length)
    .find(
      option => folded.startsWith(fold(option.text)) && !/^\w/.test(folded.slice(fold(option.text).length)),
    )?.letter;
}

/** Null where two letters are named. */
function letterAt(text: string, letters: ReadonlySet<string>): string | null | undefined {
  const found = new RegExp(`^${loneLetter}`, 'u').exec(text);
  const letter = (found?.[1] ?? found?.[2] ?? found?.[3])?.toUpperCase();
  if (!found || !letter || !letters.has(letter)) return undefined;
  return namesAnother(text.slice(found[0].length)) ? null : letter;
}

const namesAnother = (rest: string) =>
  /^[)\]."']?\s*(?:,|\/|&|\+|and\b|or\b)\s*\(?[A-J]\b(?![\w'’])/.test(rest);

function byWhole(text: string, options: readonly Option[]): string | null {
  const whole = fold(text.replace(/^["'“]|["'”.]+$/g, ''));
  return options.find(option => fold(option.text) === whole)?.letter ?? null;
}

/** The answer begins with a letter, or its last line is one. */
function byLeadingLetter(text: string, letters: ReadonlySet<string>): string | null {
  const lines = text.split('\n').map(line => line.trim());
  const last = lines.length > 1 ? lines.at(-1)! : '';
  const first = /^\(?([A-J])\s*(?:$|[).\]:,;/&+]|\n|\s[-–—]\s|\s(?:because|since|is|and|or)\b)/.exec(text);
  const small = /^\(?([a-j])\s*(?:$|[).\]:])/.exec(text);
  const alone = /^\(?([A-J])[).]?$/.exec(last);
  const hit = first ?? small ?? alone;
  const letter = hit?.[1]?.toUpperCase();
  if (!hit || !letter || !letters.has(letter)) return null;
  return namesAnother(text.slice(text.indexOf(hit[1]!) + 1)) ? null : letter;
}

const denied = /\b(?:not|isn't|never|except|without|rule out|rather than|instead of)\s+(?:an?\s+|the\s+)?$/;

/** Exactly one option's text occurs, and is not denied. */
function byText(text: string, options: readonly Option[]): string | null {
  const folded = fold(text);
  const named = options.filter(option => {
    const words = fold(option.text);
    for (let at = folded.indexOf(words); at >= 0; at = folded.indexOf(words, at + 1)) {
      const isWhole = !/\w/.test(folded[at - 1] ?? ' ') && !/\w/.test(folded[at + words.length] ?? ' ');
      const isInLonger = options.some(other => {
        const longer = fold(other.text);
        return longer !== words && longer.includes(words) && folded.includes(longer);
      });
      if (isWhole && !isInLonger && !denied.test(folded.slice(0, at))) return true;
    }
    return false;
  });
  if (named.length > 1) return null;
  return textAt(text, options) ?? named[0]?.letter ?? null;
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

function onlyOne(letters: readonly string[]): string | null {
  return new Set(letters).size === 1 ? letters[0]! : null;
}
