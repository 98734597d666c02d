import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bytesSource } from '../formats/byte-source.ts';
import { parseGguf } from '../formats/gguf.ts';
import { readVisionFile } from '../models/vision/vision-file.ts';
import { createTokenizer } from '../tokenizer/tokenizer.ts';
import { readVocabulary } from '../tokenizer/vocabulary.ts';
import { checkHalves } from './check-halves.ts';

const folder = new URL('../../../public/models/', import.meta.url);

it('refuses an mmproj file that does not go with the language model, and says why', async () => {
  const { config } = await readVisionFile(
    bytesSource(readFileSync(new URL('nano-vqa/nano-vqa-mmproj-f16.gguf', folder))),
  );
  const tokenizerOf = async (file: string) => {
    const { metadata } = await parseGguf(bytesSource(readFileSync(new URL(file, folder))));
    return createTokenizer(readVocabulary(metadata));
  };
  const vqa = await tokenizerOf('nano-vqa/nano-vqa-q8_0.gguf');
  const chat = await tokenizerOf('nano-chat/nano-chat-q8_0.gguf');
  expect(() => checkHalves(config, { hidden: 256, name: 'x' }, vqa)).not.toThrow();
  expect(() => checkHalves(config, { hidden: 2048, name: 'x' }, vqa)).toThrow('of 256 numbers');
  expect(() => checkHalves(config, { hidden: 256, name: 'x' }, chat)).toThrow('no token <img>');
  const siglip = { ...config, kind: 'siglip' as const, name: 'tower' };
  expect(() => checkHalves(siglip, { hidden: 256, name: 'x' }, vqa)).toThrow(
    'The image encoder "tower" is of Gemma 3 or MedGemma; the language model "x" is of InternVL2 or Mini-Monkey.',
  );
  expect(() => checkHalves(siglip, { hidden: 256, name: 'x' }, chat)).toThrow('no token <start_of_image>');
});
