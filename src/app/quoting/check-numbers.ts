import type { SourceText } from '../../client/index.ts';
import type { Passage } from './find-passage.ts';
import { type Measurement, statementsIn } from './measurements.ts';
import { units } from './units.ts';

/** A value of an answer that the text does not have. */
export interface Disagreement {
  /** Behind the value, in the answer. */
  at: number;
  /** "The text says 5.1 mmol/L." */
  words: string;
  passage: Passage;
}

interface Stated extends Measurement {
  passage: Passage;
}

/** What the texts state of each subject; `null`: something that is no plain value, so that nothing is compared with it. */
export type StatedValues = ReadonlyMap<string, readonly Stated[] | null>;

export async function statedIn(
  sources: readonly SourceText[],
  pause: () => Promise<void> = async () => undefined,
): Promise<StatedValues> {
  const all = new Map<string, Stated[] | null>();
  for (const source of sources) {
    for (const { number: part, text } of source.parts) {
      const { values, unclear } = statementsIn(text);
      for (const value of values) {
        const passage = { source, part, start: value.start, end: value.end };
        const known = all.get(value.subject);
        if (known === undefined) all.set(value.subject, [{ ...value, passage }]);
        else known?.push({ ...value, passage });
      }
      for (const subject of unclear) all.set(subject, null);
      await pause();
    }
  }
  return all;
}

const mostListed = 3;

/**
 * Where a sentence of an answer gives another value of the same thing than the texts do. Nothing is said where the texts say it with a
 * range or a condition, in a unit that cannot be compared, or where one of their values is this one.
 */
export function checkNumbers(sentence: string, stated: StatedValues): Disagreement[] {
  const { values } = statementsIn(sentence);
  return values.flatMap(value => {
    const known = stated.get(value.subject);
    if (!known || known.length === 0) return [];
    const comparisons = known.map(other => compare(value, other));
    if (comparisons.some(each => each !== 'differs')) return [];
    const different = [...new Set(known.map(({ written }) => written.replace(/\s+/g, ' ')))];
    const words =
      different.length === 1
        ? `The text says ${different[0]}.`
        : `The text has several: ${different.slice(0, mostListed).join(', ')}.`;
    return [{ at: value.end, words, passage: known[0]!.passage }];
  });
}

function compare(mine: Measurement, theirs: Measurement): 'same' | 'differs' | 'other' {
  if (mine.frequency !== theirs.frequency && !mine.analyte) return 'other';
  const [a, b] = [units[mine.unit]!, units[theirs.unit]!];
  if (mine.unit === theirs.unit)
    return isSame(mine.value, theirs.value, roundingOf(mine, theirs)) ? 'same' : 'differs';
  const [left, right] = [mine.value * a.factor, theirs.value * b.factor];
  if (a.dimension === b.dimension) return isSame(left, right, 0.01 * Math.abs(right)) ? 'same' : 'differs';
  const molarMass = mine.analyte?.molarMass;
  if (molarMass === undefined) return 'other';
  const inGrams = (value: number, dimension: string): number | null =>
    dimension === 'mass in volume' ? value : dimension === 'substance in volume' ? value * molarMass : null;
  const [x, y] = [inGrams(left, a.dimension), inGrams(right, b.dimension)];
  if (x === null || y === null) return 'other';
  return isSame(x, y, 0.03 * Math.abs(y)) ? 'same' : 'differs';
}

/** Half of the last digit of the coarser one: 5.1 is 5.14, rounded. */
function roundingOf(...values: Measurement[]): number {
  const decimals = values.map(({ value }) => String(value).split('.')[1]?.length ?? 0);
  const coarser = Math.min(...decimals);
  // Whole numbers are meant as they are.
  return coarser === 0 ? 1e-9 : 0.5 * 10 ** -coarser + 1e-9;
}

const isSame = (a: number, b: number, tolerance: number): boolean => Math.abs(a - b) <= tolerance;
