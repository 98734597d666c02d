import type { CutPass } from './word-rules.ts';

export type WordCutter = (text: string) => string[];

/** Cuts a text into its words, in order; together they are the text. Takes as many steps as the text is long. */
export function createWordCutter(passes: readonly CutPass[]): WordCutter {
  const cuts = passes.map(createPass);
  return text => {
    let pieces = text === '' ? [] : [text];
    for (const cut of cuts) pieces = pieces.flatMap(cut);
    return pieces;
  };
}

function createPass(pass: CutPass): WordCutter {
  if ('threesOf' in pass) return createDigitCutter(pass.threesOf, pass.apart);
  const pattern = new RegExp(pass.words, pass.flags ?? 'gu');
  return text => {
    const pieces: string[] = [];
    let end = 0;
    for (const match of text.matchAll(pattern)) {
      if (match.index > end) pieces.push(text.slice(end, match.index));
      if (match[0] !== '') pieces.push(match[0]);
      end = match.index + match[0].length;
    }
    if (end < text.length) pieces.push(text.slice(end));
    return pieces;
  };
}

function createDigitCutter(digit: string, apart: boolean): WordCutter {
  const runs = new RegExp(`(?:${digit})+`, 'gu');
  return text => {
    const borders: number[] = [];
    for (const { index, 0: run } of text.matchAll(runs)) {
      const digits = [...run];
      if (apart) borders.push(index);
      let at = index;
      digits.forEach((character, place) => {
        if ((digits.length - place) % 3 === 0) borders.push(at);
        at += character.length;
      });
      if (apart) borders.push(at);
    }
    const pieces: string[] = [];
    let end = 0;
    for (const border of [...borders, text.length]) {
      if (border > end) pieces.push(text.slice(end, border));
      end = border;
    }
    return pieces;
  };
}
