/**
 * Where several answers to one question part, by simple rules: a sentence stands alone where no sentence of any other answer shares
 * half of its words with it, a number where no other answer has it. What the sentences mean is not looked at.
 */
import { answerOf } from '../../client/index.ts';
import { chosenOption } from '../options/chosen-option.ts';
import type { QuestionOption } from '../options/question-options.ts';

/** A stretch of an answer; `only`: what of it no other answer has. */
export interface SamplePiece {
  text: string;
  only?: 'sentence' | 'number';
}

/** Words of fewer letters say little of what a sentence is about. */
const shortestWord = 4;
/** Of the words of a sentence, so many in one sentence of another answer make it not alone. */
const sharedWords = 0.5;

/** Up to a stop before a blank, or the end of a line: a point within a figure ends nothing. */
const sentenceForm = /[\s\S]+?(?:[.!?]+(?=\s|$)|[。！？]+|\n+|$)/gu;
const numberForm = /\d+(?:[.,]\d+)*/g;
const wordForm = /[\p{L}\p{M}]+/gu;

/** One list of pieces for each answer, which together are its text. With fewer than two answers nothing is marked. */
export function markDifferences(answers: readonly string[]): SamplePiece[][] {
  const texts = answers.map(answerOf);
  const sentences = texts.map(text => text.match(sentenceForm) ?? []);
  const words = sentences.map(list => list.map(wordsOf));
  const numbers = texts.map(text => new Set(text.match(numberForm)));
  const said = texts.map((text, place) => (text.trim() === '' ? -1 : place)).filter(place => place >= 0);
  return sentences.map((list, own) => {
    const others = said.filter(place => place !== own);
    if (others.length === 0) return list.map(text => ({ text }));
    return list.flatMap((text, at) => {
      const mine = words[own]![at]!;
      const isAlone =
        mine.size > 0 && !others.some(other => words[other]!.some(theirs => isShared(mine, theirs)));
      if (isAlone) return [{ text, only: 'sentence' as const }];
      return piecesByNumber(text, number => !others.some(other => numbers[other]!.has(number)));
    });
  });
}

function piecesByNumber(text: string, isAlone: (number: string) => boolean): SamplePiece[] {
  const pieces: SamplePiece[] = [];
  let from = 0;
  for (const { 0: number, index } of text.matchAll(numberForm)) {
    if (!isAlone(number)) continue;
    if (index > from) pieces.push({ text: text.slice(from, index) });
    pieces.push({ text: number, only: 'number' });
    from = index + number.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

/** Of writing without spaces each character is a word. */
function wordsOf(sentence: string): Set<string> {
  const found = sentence.toLowerCase().match(wordForm) ?? [];
  const words = found.flatMap(word =>
    /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u.test(word) ? [...word] : [word],
  );
  const long = words.filter(word => word.length >= shortestWord || /[^\p{ASCII}]/u.test(word));
  return new Set(long.length > 0 ? long : words);
}

function isShared(mine: ReadonlySet<string>, theirs: ReadonlySet<string>): boolean {
  let both = 0;
  for (const word of mine) if (theirs.has(word)) both++;
  return both >= sharedWords * mine.size;
}

/** How many answers chose which letter, most first; `none`: those that name no single one. */
export interface Votes {
  byLetter: readonly { letter: string; count: number }[];
  none: number;
}

export function votesOf(answers: readonly string[], options: readonly QuestionOption[]): Votes {
  const chosen = answers.map(answer => chosenOption(answer, options));
  const byLetter = options
    .map(({ letter }) => ({ letter, count: chosen.filter(each => each === letter).length }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  return { byLetter, none: chosen.filter(each => each === null).length };
}

/** "3 of 5 chose B, 1 chose A, 1 named no single option." */
export function votesInWords({ byLetter, none }: Votes): string {
  const all = byLetter.reduce((sum, { count }) => sum + count, none);
  const parts = byLetter.map(({ letter, count }, place) =>
    place === 0 ? `${count} of ${all} chose ${letter}` : `${count} chose ${letter}`,
  );
  if (none > 0) parts.push(`${byLetter.length === 0 ? `${none} of ${all}` : none} named no single option`);
  return `${parts.join(', ')}.`;
}
