/** Texts so that what a reader takes for the same is the same: without case, diacritics and forms of letters. */

/** Marks that readers leave out when they look for something: of Latin, Greek and Cyrillic, Hebrew points, Arabic vowels. */
const omitted =
  /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]/g;
/** Soft hyphens, joiners, and what sets the direction. */
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;

/** One letter in several forms, which keyboards of different languages write. */
const forms: Readonly<Record<string, string>> = {
  ς: 'σ',
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
  ة: 'ه',
};

/** Characters with the marks that belong to them, and syllables written in parts: what is folded together. */
const cluster = /[\u1100-\u11ff]+|\P{M}\p{M}*|\p{M}+/gu;

export function fold(text: string): string {
  // Most texts have nothing to be taken apart.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  if (/^[\u0000-\u007f]*$/.test(text)) return text.toLowerCase();
  const bare = text.normalize('NFKD').replace(omitted, '').replace(invisible, '').normalize('NFC');
  return bare
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(omitted, '')
    .normalize('NFC')
    .replace(/[ςىیکة]/g, letter => forms[letter]!);
}

export interface FoldedText {
  folded: string;
  /** For each UTF-16 unit of `folded` and for its end, where in the text it comes from. */
  places: Uint32Array;
}

/** With the places of the text that was folded, for what is marked in it. */
export function foldWithPlaces(text: string): FoldedText {
  let folded = '';
  const places: number[] = [];
  for (const { 0: part, index } of text.matchAll(cluster)) {
    const piece = fold(part);
    for (let i = 0; i < piece.length; i++) places.push(index);
    folded += piece;
  }
  places.push(text.length);
  return { folded, places: Uint32Array.from(places) };
}
