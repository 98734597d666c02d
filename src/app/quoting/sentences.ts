import { endsInInitial } from './initials.ts';

/** A sentence of a text, without the blanks around it. */
export interface Sentence {
  start: number;
  end: number;
}

/** After which a full stop ends no sentence. */
const abbreviations = new Set(
  'e.g i.e a.m p.m al approx ca cf ch dr ed eq est etc fig figs gen inc jr mr mrs ms no nos nr p pp prof ref refs resp sec st subsp tab tabs var vol vs z.b d.h bzw u.a sog ggf evtl max min tgl'.split(
    ' ',
  ),
);

const ends = /[.!?…؟۔]+["'”’»)\]]*(?=\s|$)|[。！？｡]+["'”’»」』）]*|।/gu;

/** By its signs alone, the same in every browser. */
export function sentencesOf(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  let start = 0;
  const add = (end: number) => {
    const piece = text.slice(start, end);
    const lead = piece.length - piece.trimStart().length;
    const length = piece.trim().length;
    if (length > 0) sentences.push({ start: start + lead, end: start + lead + length });
    start = end;
  };
  for (const { 0: sign, index } of text.matchAll(ends)) {
    const end = index + sign.length;
    if (sign.startsWith('.') && !isEnd(text, index, end)) continue;
    add(end);
  }
  add(text.length);
  return sentences;
}

function isEnd(text: string, stop: number, end: number): boolean {
  const next = text.slice(end, end + 16).trimStart();
  if (next === '') return true;
  const word = /[\p{L}.]+$/u.exec(text.slice(Math.max(0, stop - 12), stop))?.[0].toLowerCase() ?? '';
  if (abbreviations.has(word)) return false;
  if (endsInInitial(text.slice(Math.max(0, stop - 40), stop))) return false;
  // The number of a list: "2. Metformin".
  if (/(?:^|\n)\s*\d{1,3}$/.test(text.slice(Math.max(0, stop - 12), stop))) return false;
  return !/^\p{Ll}/u.test(next);
}
