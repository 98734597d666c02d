/** In which language a question is written, where its script or its commonest words leave little doubt. */

/** Writing that nearly only these languages use; codes of ISO 639-1. */
const scripts: readonly [form: RegExp, language: string][] = [
  [/[\p{sc=Hira}\p{sc=Kana}]/gu, 'ja'],
  [/\p{sc=Hang}/gu, 'ko'],
  [/\p{sc=Han}/gu, 'zh'],
  [/\p{sc=Arab}/gu, 'ar'],
  [/\p{sc=Hebr}/gu, 'he'],
  [/\p{sc=Cyrl}/gu, 'ru'],
  [/\p{sc=Grek}/gu, 'el'],
  [/\p{sc=Thai}/gu, 'th'],
  [/\p{sc=Deva}/gu, 'hi'],
];

/** The commonest short words; those that two of these languages share are left out. */
const commonWords: Readonly<Record<string, string>> = {
  en: 'the of and is are was were with for what which how does should would from this that there patient have has been causes treat by it its can who when why not',
  de: 'der und ist das nicht eine einen einem einer ein mit für auf wie welche welcher wird wurde bei oder zu zur zum sind kann dem auch nach wenn warum',
  fr: 'le les est une du pour dans quels quelle quelles avec qui sur ont sont été chez ou cette ces pas au aux quel comment pourquoi',
  es: 'el los las una es por del cuál cuáles qué cómo para con paciente son está puede tiene y sus cuando',
  pt: 'os uma é não são qual quais para com do da dos das como pode tem paciente um ao pelo pela',
  it: 'il gli è una sono quali quale per con della dei nel del che può non come paziente di alla delle',
  nl: 'het een van zijn wat welke voor met niet bij wordt kan hoe worden deze naar patiënt ook er',
};

const wordsOf = new Map(
  Object.entries(commonWords).map(([language, words]) => [language, new Set(words.split(' '))] as const),
);

/** Of the letters of a text, so many in a script make it of that script: names and terms of others are everywhere. */
const fewestOfScript = 0.4;
/** Fewer words say too little. */
const fewestWords = 5;
/** Of the words, so many have to be among a language's commonest, and twice as many as of any other. */
const fewestCommon = 0.2;

/** Null where it is not sure. */
export function languageOf(text: string): string | null {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters < 4) return null;
  const found = scripts.find(([form, language]) => {
    // A Japanese text has Chinese characters as well: a tenth of its own is enough.
    const least = language === 'ja' ? 0.1 : fewestOfScript;
    return (text.match(form)?.length ?? 0) >= least * letters;
  });
  if (found) return found[1];
  const words = text.toLowerCase().match(/[\p{sc=Latn}\p{M}]+/gu) ?? [];
  if (words.length < fewestWords) return null;
  const counts = [...wordsOf]
    .map(([language, common]) => ({ language, count: words.filter(word => common.has(word)).length }))
    .sort((a, b) => b.count - a.count);
  const [first, second] = counts as [(typeof counts)[number], (typeof counts)[number]];
  const isClear = first.count >= 2 && first.count >= 2 * second.count;
  return isClear && first.count >= fewestCommon * words.length ? first.language : null;
}

/** Models of the catalogue of which their publishers say that they are for English. */
const englishModels = /^(?:nano-|smollm2|pmc-llama|openbiollm)/i;

/** Languages that a model is said to be made for: by its file, else by what is known of it; undefined where nobody says. */
export function languagesOf(
  entryId: string,
  ofFile: readonly string[] | undefined,
): readonly string[] | undefined {
  if (ofFile && ofFile.length > 0) return ofFile.map(language => language.toLowerCase().slice(0, 2));
  return englishModels.test(entryId) ? ['en'] : undefined;
}

/** The language of a question that the model is not said to be made for; null where there is none, or nobody can say. */
export function unlistedLanguage(question: string, listed: readonly string[] | undefined): string | null {
  if (!listed) return null;
  const language = languageOf(question);
  return language && !listed.includes(language) ? language : null;
}
