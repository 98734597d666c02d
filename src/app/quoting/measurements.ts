import { type Analyte, analytes } from './analytes.ts';
import { drugs } from './drugs.ts';
import { unitAfter } from './find-passage.ts';
import { frequencyWords, guardWords } from './guard-words.ts';
import { sentencesOf } from './sentences.ts';
import { type Token, tokensOf } from './tokens.ts';
import { units } from './units.ts';

/** A value of what is measured or given, as a sentence states it. */
export interface Measurement {
  /** The id of an analyte, or the name of a drug. */
  subject: string;
  analyte?: Analyte;
  value: number;
  unit: string;
  /** As it is written: "5.1 mmol/L". */
  written: string;
  /** How often, of a dose. */
  frequency: string;
  start: number;
  end: number;
}

export interface Statements {
  /** Plain values. */
  values: Measurement[];
  /** Subjects of which something is said with numbers that is no plain value: ranges, limits, plans. */
  unclear: Set<string>;
}

/** How many tokens may stand between a name and its number. */
const mostBetween = 5;
const range = /\d[\d.,]*\s*(?:[-–—]|to)\s*\d[\d.,]*/g;

/** What a text states, sentence by sentence, and in a table line by line. */
export function statementsIn(text: string): Statements {
  const found: Statements = { values: [], unclear: new Set() };
  for (const { start, end } of sentencesOf(text)) {
    const sentence = text.slice(start, end);
    if (!/\d/.test(sentence)) continue;
    const lines = isTable(sentence) ? linesOf(sentence) : [{ at: 0, line: sentence }];
    for (const { at, line } of lines) readLine(line, start + at, found);
  }
  return found;
}

const isTable = (sentence: string): boolean =>
  sentence.includes('\n') && subjectsOf(tokensOf(sentence)).length > 1;

function linesOf(text: string): { at: number; line: string }[] {
  let at = 0;
  return text.split('\n').map(line => {
    const begun = at;
    at += line.length + 1;
    return { at: begun, line };
  });
}

function readLine(written: string, offset: number, found: Statements): void {
  // A range beside a value is what is normal, and the same length of blanks keeps the places.
  const line = written.replace(range, all => ' '.repeat(all.length));
  const tokens = tokensOf(line);
  const subjects = subjectsOf(tokens);
  if (subjects.length === 0) return;
  const isGuarded = tokens.some(({ key }) => guardWords.has(key));
  const inName = new Set(subjects.flatMap(({ first, last }) => [first, last]));
  const hasNumbers = tokens.some(({ kind }, at) => kind === 'number' && !inName.has(at)) || line !== written;
  for (const subject of subjects) {
    const value = isGuarded ? null : plainValueOf(line, tokens, subject, subjects);
    if (value) found.values.push({ ...value, start: offset + value.start, end: offset + value.end });
    else if (hasNumbers) found.unclear.add(subject.name);
  }
}

interface Subject {
  name: string;
  analyte?: Analyte;
  first: number;
  last: number;
}

const names = new Map<string, Omit<Subject, 'first' | 'last'>>([
  ...analytes.flatMap(analyte =>
    analyte.names.map(
      name => [keysOf(name), { name: analyte.id, analyte }] as [string, Omit<Subject, 'first' | 'last'>],
    ),
  ),
  ...drugs.map(name => [keysOf(name), { name }] as [string, Omit<Subject, 'first' | 'last'>]),
]);
const longestName = 4;

function keysOf(name: string): string {
  return tokensOf(name)
    .map(({ key }) => key)
    .join(' ');
}

/** The names in a text, the longest where several begin at one place. */
function subjectsOf(tokens: readonly Token[]): Subject[] {
  const subjects: Subject[] = [];
  for (let first = 0; first < tokens.length; first++) {
    for (let length = longestName; length > 0; length--) {
      const key = tokens
        .slice(first, first + length)
        .map(each => each.key)
        .join(' ');
      const named = first + length <= tokens.length ? names.get(key) : undefined;
      if (!named) continue;
      subjects.push({ ...named, first, last: first + length - 1 });
      first += length - 1;
      break;
    }
  }
  return subjects;
}

/** The one number that belongs to a name; null where that is not clear. */
function plainValueOf(
  line: string,
  tokens: readonly Token[],
  subject: Subject,
  subjects: readonly Subject[],
): Measurement | null {
  const after = subjects.find(({ first }) => first > subject.last)?.first ?? tokens.length;
  const between = tokens.slice(subject.last + 1, after);
  const own = between.findIndex(({ kind }) => kind === 'number');
  const number =
    own >= 0 && own <= mostBetween
      ? between[own]!
      : subject.analyte
        ? undefined
        : doseBefore(line, tokens, subject, subjects);
  // A second number may be of the same thing, at another time.
  if (!number || between.filter(({ kind }) => kind === 'number').length > 1) return null;
  return measurementOf(line, tokens, subject, number);
}

/** "500 mg of amoxicillin". */
function doseBefore(
  line: string,
  tokens: readonly Token[],
  subject: Subject,
  subjects: readonly Subject[],
): Token | undefined {
  const before = subjects.findLast(({ last }) => last < subject.first)?.last ?? -1;
  const number = tokens.slice(before + 1, subject.first).findLast(({ kind }) => kind === 'number');
  const gap = number && line.slice(number.end, tokens[subject.first]!.start);
  return gap && /^\s*\S{1,3}\s+(?:of\s+|de\s+)?$/.test(gap) ? number : undefined;
}

function measurementOf(
  line: string,
  tokens: readonly Token[],
  { name, analyte }: Subject,
  number: Token,
): Measurement | null {
  const unit = unitAfter(line, number.end);
  const isLimit = /[<>≤≥≈~±×x*/+-]\s*$/.test(line.slice(0, number.start));
  if (unit === null || isLimit) return null;
  const dimension = units[unit]!.dimension;
  const isDose = dimension === 'mass' || dimension === 'units' || dimension === 'international units';
  if (isDose === (analyte !== undefined)) return null;
  const length = line.slice(number.end).search(/\S/) + unit.length;
  const end = number.end + length;
  return {
    subject: name,
    ...(analyte ? { analyte } : {}),
    value: Number(number.key),
    unit,
    written: line.slice(number.start, end),
    frequency: tokens
      .filter(({ key }) => frequencyWords.has(key))
      .map(({ key }) => key)
      .join(' '),
    start: number.start,
    end,
  };
}
