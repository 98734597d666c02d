import { readFileSync } from 'node:fs';
import { parseGguf } from '../../engine/formats/gguf.ts';
import { sentence } from '../../engine/sentence.ts';
import { createTokenizer } from '../../engine/tokenizer/tokenizer.ts';
import { readVocabulary } from '../../engine/tokenizer/vocabulary.ts';
import { badArgument, onlyWord, parseArguments } from '../input/arguments.ts';
import { withModelFiles } from '../input/model-files.ts';

/** One text with its pieces, or the ids of each of a file's texts. The model file needs a vocabulary and no weights. */
export async function tokenize(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, { text: 'value', texts: 'value', special: 'flag', bos: 'flag' });
  const text = args.text('text');
  const file = args.text('texts');
  if (text !== undefined && file !== undefined)
    throw badArgument(sentence`text-given-twice: --text and --texts exclude each other.`);
  if (text === undefined && file === undefined)
    throw badArgument(sentence`text-is-missing: --text or --texts is missing.`);
  const texts = file === undefined ? [] : readTexts(file);
  return withModelFiles(onlyWord(args, 'The model file'), undefined, async source => {
    const tokenizer = createTokenizer(readVocabulary((await parseGguf(source)).metadata));
    const encode = (one: string) =>
      tokenizer.encode(one, { addBos: args.flag('bos'), parseSpecial: args.flag('special') });
    if (text === undefined) return { cases: texts.map(one => ({ ids: encode(one) })) };
    const ids = encode(text);
    return { ids, pieces: ids.map(id => tokenizer.pieceText(id)) };
  });
}

function readTexts(path: string): string[] {
  let list: unknown;
  try {
    list = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw badArgument(
      sentence`texts-cannot-be-read: The texts in "${{ file: path }}" cannot be read: ${{ problem: error instanceof Error ? error.message : String(error) }}`,
    );
  }
  if (!Array.isArray(list) || !list.every(item => typeof item === 'string'))
    throw badArgument(sentence`texts-are-no-list: "${{ file: path }}" must hold a list of texts.`);
  return list;
}
