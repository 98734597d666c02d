/** Which language a text is in, well enough to choose a voice. */

const scripts: readonly [language: string, letters: RegExp][] = [
  ['ja', /[\p{sc=Hiragana}\p{sc=Katakana}]/u],
  ['ko', /\p{sc=Hangul}/u],
  ['zh', /\p{sc=Han}/u],
  ['ar', /\p{sc=Arabic}/u],
  ['he', /\p{sc=Hebrew}/u],
  ['el', /\p{sc=Greek}/u],
  ['hi', /\p{sc=Devanagari}/u],
  ['th', /\p{sc=Thai}/u],
  ['uk', /[іїєґ]/iu],
  ['ru', /\p{sc=Cyrillic}/u],
];

/** Small words that make up a good part of any text, and are seldom others' too. */
const smallWords: Readonly<Record<string, string>> = {
  en: 'the of and to is in for with that are be or not this it as on by',
  de: 'der die das und ist nicht mit ein eine von zu den bei oder sich auf werden wird dem',
  fr: 'le la les des et est une un dans pour que qui sur avec pas ou du au par',
  es: 'el la los las de y es en que una un con para por no se del al',
  it: 'il la di che e un una per con non del della sono nel gli si le da',
  pt: 'o a os as de e que do da em um uma para com não é no na por',
  nl: 'de het een en van is niet met voor dat te op zijn bij of aan die',
};

/** A BCP 47 language; English where nothing tells. */
export function languageOf(text: string): string {
  const beginning = text.slice(0, 4000);
  const letters = beginning.match(/\p{L}/gu) ?? [];
  // A Greek letter in a formula, or a name, makes no Greek text.
  const [written] = scripts.find(
    ([, script]) => letters.filter(letter => script.test(letter)).length * 5 > letters.length,
  ) ?? [undefined];
  if (written !== undefined) return written === 'ru' && scripts[8]![1].test(beginning) ? 'uk' : written;
  const words = beginning.toLowerCase().match(/\p{L}+/gu) ?? [];
  let best = { language: 'en', count: 0 };
  for (const [language, list] of Object.entries(smallWords)) {
    const known = new Set(list.split(' '));
    const count = words.filter(word => known.has(word)).length;
    if (count > best.count) best = { language, count };
  }
  return best.language;
}
