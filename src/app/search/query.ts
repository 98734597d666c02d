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

/** How well a text fits that comes in pieces; `note` after each of them. 0 where not all of the query is there; more where words stand whole. */
export async function score(
  pieces: readonly string[],
  { needles, words }: Query,
  note: (characters: number) => Promise<void> | undefined,
): Promise<number> {
  const missing = new Set(needles);
  const whole = new Set<string>();
  for (const piece of pieces) {
    for (const needle of missing) if (piece.includes(needle)) missing.delete(needle);
    for (const word of words) if (piece.includes(word)) whole.add(word);
    const rest = note(piece.length + 1);
    if (rest) await rest;
  }
  return missing.size === 0 ? 1 + whole.size : 0;
}
