import { parseGguf } from '../../engine/formats/gguf.ts';
import { sentence } from '../../engine/sentence.ts';
import { createTokenizer } from '../../engine/tokenizer/tokenizer.ts';
import { readVocabulary } from '../../engine/tokenizer/vocabulary.ts';
import { badArgument, onlyWord, parseArguments } from '../input/arguments.ts';
import { withModelFiles } from '../input/model-files.ts';

export async function tokenize(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, { text: 'value', special: 'flag', bos: 'flag' });
  const text = args.text('text');
  if (text === undefined) throw badArgument(sentence`text-is-missing: --text is missing.`);
  return withModelFiles(onlyWord(args, 'The model file'), undefined, async source => {
    const tokenizer = createTokenizer(readVocabulary((await parseGguf(source)).metadata));
    const ids = tokenizer.encode(text, { addBos: args.flag('bos'), parseSpecial: args.flag('special') });
    return { ids, pieces: ids.map(id => tokenizer.pieceText(id)) };
  });
}
