import { fold } from './fold.ts';

/** What is looked for: a text that has every one of `needles` somewhere. */
export interface Query {
  /** Folded. */
  needles: string[];
  /** The words as they were written, folded: a text that has them whole comes first. */
  words: string[];
}

/** More than anybody types. */
const longest = 200;

/** Writing without spaces between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]{3,}/gu;

/** Null where there is nothing to look for. */
export function parseQuery(typed: string): Query | null {
  const words = fold(typed.slice(0, longest)).split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  const needles = words.flatMap(word => {
    const runs = word.match(unspaced) ?? [];
    if (runs.length === 0) return [word];
    const rest = word.split(unspaced).filter(Boolean);
    return [...rest, ...runs.flatMap(pairsOf)];
  });
  return { needles: [...new Set(needles)], words: [...new Set(words)] };
}

/** Of "肺結核": "肺結" and "結核", which stand together in most that speak of it. */
function pairsOf(run: string): string[] {
  const characters = Array.from(run);
  return characters.slice(1).map((character, index) => characters[index]! + character);
}

/** Adds to `found` what of a query a piece of a text has. Where it is the whole text, no more is looked for than shows that it does not fit. */
export function lookIn(piece: string, { needles, words }: Query, found: Set<string>, isWhole: boolean): void {
  for (const needle of needles) {
    if (found.has(needle)) continue;
    if (piece.includes(needle)) found.add(needle);
    else if (isWhole) return;
  }
  for (const word of words)
    if (!found.has(word) && !needles.includes(word) && piece.includes(word)) found.add(word);
}

/** How well a text fits that has these. 0 where not all of the query is there; more where words stand whole. */
export function score({ needles, words }: Query, found: ReadonlySet<string>): number {
  if (!needles.every(needle => found.has(needle))) return 0;
  return 1 + words.filter(word => found.has(word)).length;
}
