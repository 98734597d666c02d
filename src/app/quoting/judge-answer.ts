import { checkNumbers, type StatedValues, statedIn } from './check-numbers.ts';
import { findPassage, type Passage } from './find-passage.ts';
import { findReferences, referenceKey } from './find-references.ts';
import type { IsReaders } from './readers-words.ts';
import { sentencesOf } from './sentences.ts';
import type { SourceIndex } from './source-index.ts';

/** What is said of a place in an answer. */
export type Mark = { unit: number; at: number } & (
  | { kind: 'quoted'; passage: Passage }
  | { kind: 'memory' }
  | { kind: 'number'; words: string; passage: Passage }
  | { kind: 'reference'; text: string }
);

/** A piece of an answer in which sentences stand: a paragraph, an item, a row. Headings are looked through for references alone. */
export interface Unit {
  text: string;
  isProse: boolean;
}

export interface Judgement {
  marks: Mark[];
  sentences: number;
  quoted: number;
  /** In no text, and with words of the reader's: whose knowledge it is, cannot be said. */
  edited: number;
}

/** What is known of the texts, made once for all answers about them. */
export interface KnownSources {
  index: SourceIndex;
  stated: StatedValues;
  /** Letters and digits of all of them. */
  letters: string;
}

export async function knownSources(index: SourceIndex, pause?: () => Promise<void>): Promise<KnownSources> {
  const sources = [...new Set(index.parts.map(({ source }) => source))];
  const letters = index.parts.map(({ text }) => referenceKey(text)).join(' ');
  return { index, stated: await statedIn(sources, pause), letters };
}

/** Of a longer answer, as many of its first sentences are judged. */
const mostSentences = 400;

/** Without texts, references alone. `pause` is awaited now and then. */
export async function judgeAnswer(
  units: readonly Unit[],
  known: KnownSources | null,
  pause: () => Promise<void> = async () => undefined,
  isReaders: IsReaders = () => false,
): Promise<Judgement> {
  const judgement: Judgement = { marks: [], sentences: 0, quoted: 0, edited: 0 };
  for (const [unit, { text, isProse }] of units.entries()) {
    for (const reference of findReferences(text)) {
      const isKnown = known?.letters.includes(referenceKey(reference.text));
      // What the reader refers to, no model made up.
      if (!isKnown && !isReaders(unit, reference.start, reference.end))
        judgement.marks.push({ unit, at: reference.end, kind: 'reference', text: reference.text });
    }
    if (!known || !isProse) continue;
    for (const { start, end } of sentencesOf(text)) {
      const sentence = text.slice(start, end);
      if (!/[\p{L}\d]/u.test(sentence) || judgement.sentences >= mostSentences) continue;
      judgement.sentences++;
      if (judgement.sentences % 8 === 0) await pause();
      for (const { at, words, passage } of checkNumbers(sentence, known.stated)) {
        judgement.marks.push({ unit, at: start + at, kind: 'number', words, passage });
      }
      const passage = findPassage(known.index, sentence);
      if (passage) judgement.quoted++;
      else if (isReaders(unit, start, end)) {
        judgement.edited++;
        continue;
      }
      judgement.marks.push({
        unit,
        at: end,
        ...(passage ? { kind: 'quoted', passage } : { kind: 'memory' }),
      });
    }
  }
  judgement.marks.sort((a, b) => a.unit - b.unit || a.at - b.at);
  return judgement;
}
