import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bundledModel, dataFile } from '../../../test/support/data.ts';
import { type MetadataEntry, writeGguf } from '../../../test/support/gguf-writer.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { parseGguf } from '../formats/gguf.ts';
import type { ModelIdentity } from '../types/model-identity.ts';
import { readIdentity } from './read-identity.ts';

async function identityOf(bytes: Uint8Array, fileName?: string): Promise<ModelIdentity> {
  return readIdentity(await parseGguf(bytesSource(bytes)), fileName);
}

const madeOf = (metadata: MetadataEntry[], fileName?: string) =>
  identityOf(writeGguf({ metadata }), fileName);

test('the bundled model is what its file says', async () => {
  const bytes = readFileSync(bundledModel);
  const file = await parseGguf(bytesSource(bytes));
  const pieces = file.metadata.get('tokenizer.ggml.tokens') as string[];
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(`${piece}\n`);
  expect(await identityOf(bytes, 'other.gguf')).toEqual({
    name: 'Bedside nano chat',
    namedBy: 'file',
    architecture: 'llama',
    parameterCount: file.tensors.reduce((sum, { elements }) => sum + elements, 0),
    quantisation: 'Q8_0',
    fileBytes: bytes.length,
    contextTokens: 2048,
    shape: {
      layers: file.metadata.get('llama.block_count'),
      embedding: file.metadata.get('llama.embedding_length'),
      feedForward: file.metadata.get('llama.feed_forward_length'),
      heads: file.metadata.get('llama.attention.head_count'),
      kvHeads: file.metadata.get('llama.attention.head_count_kv'),
    },
    vocabulary: { model: 'llama', pieces: 4096, lastPiece: pieces.at(-1), sha256: hash.digest('hex') },
    publisher: 'Bedside',
    licence: 'CC-BY-4.0',
  });
});

test('a vocabulary with every piece around an image has places for images', async () => {
  const pieces = ['a', '<start_of_image>', '<image_soft_token>', '<end_of_image>'];
  const of = (tokens: string[]) => madeOf([['tokenizer.ggml.tokens', 'string[]', tokens]]);
  expect((await of(pieces)).hasImagePlaces).toBe(true);
  // As of Gemma 3 1B, which has no image half.
  expect(await of(pieces.filter(piece => piece !== '<image_soft_token>'))).not.toHaveProperty(
    'hasImagePlaces',
  );
});

const smol = dataFile('testdata/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');

test.skipIf(!smol)('SmolLM2 is what its file says', async () => {
  const { vocabulary, ...identity } = await identityOf(readFileSync(smol!), 'renamed.gguf');
  expect(identity).toEqual({
    name: 'Smollm2 135M 8k Lc100K Mix1 Ep2',
    namedBy: 'file',
    architecture: 'llama',
    // As its publisher counts them: 134.5 million, the head shared with the embedding.
    parameterCount: 134_515_008,
    quantisation: 'Q4_1',
    fileBytes: 98_362_432,
    contextTokens: 8192,
    shape: { layers: 30, embedding: 576, feedForward: 1536, heads: 9, kvHeads: 3 },
    publisher: 'HuggingFaceTB',
    finetune: '8k-lc100k-mix1-ep2',
    sizeLabel: '135M',
    licence: 'apache-2.0',
    languages: ['en'],
  });
  expect(vocabulary).toMatchObject({ model: 'gpt2', pieces: 49_152 });
});

test('an image half is counted by its own properties', async () => {
  const bytes = writeGguf({
    metadata: [
      ['general.architecture', 'string', 'clip'],
      ['clip.vision.block_count', 'u32', 24],
      ['clip.vision.embedding_length', 'u32', 1024],
    ],
    tensors: [{ name: 'v', type: 1, shape: [2, 2], data: new Uint8Array(8) }],
  });
  expect(await identityOf(bytes)).toMatchObject({
    architecture: 'clip',
    quantisation: 'F16',
    parameterCount: 4,
    shape: { layers: 24, embedding: 1024, feedForward: null },
    vocabulary: null,
  });
});

describe('a file that gives no name', () => {
  test.each<[string | undefined, string, string]>([
    ['BioMistral-7B.Q4_K_M.gguf', 'BioMistral-7B.Q4_K_M', 'file name'],
    ['/models/big-00002-of-00003.gguf', 'big', 'file name'],
    ['C:\\models\\one.GGUF', 'one', 'file name'],
    ['\u202egpj.gguf', 'gpj', 'file name'],
    ['.gguf', 'Unnamed model', 'nobody'],
    [undefined, 'Unnamed model', 'nobody'],
  ])('called %j is %s', async (fileName, name, namedBy) => {
    expect(await madeOf([['general.name', 'string', ' \u200b']], fileName)).toMatchObject({ name, namedBy });
  });
});

test('what its publisher says is read in every place where it is written', async () => {
  const said = await madeOf([
    ['general.author', 'string', 'A. Author'],
    ['general.base_model.count', 'u32', 2],
    ['general.base_model.0.name', 'string', 'One'],
    ['general.base_model.1.name', 'string', 'Two'],
    ['general.license', 'string', 'other'],
    ['general.license.name', 'string', 'llama3'],
    ['general.license.link', 'string', 'https://licences.test/llama3'],
    ['general.source.url', 'string', 'https://models.test/one'],
    ['general.languages', 'string[]', ['en', 'fr']],
  ]);
  expect(said).toMatchObject({
    publisher: 'A. Author',
    bases: ['One', 'Two'],
    licence: 'llama3',
    licenceAddress: 'https://licences.test/llama3',
    address: 'https://models.test/one',
    languages: ['en', 'fr'],
  });
});

describe('a stranger’s words', () => {
  test('are short and printable, and what is of another type is not there', async () => {
    const said = await madeOf([
      ['general.architecture', 'string', `llama\u001b[2J${'x'.repeat(1000)}`],
      ['general.name', 'string', `\u202e\u001b]0;title\u0007${'n'.repeat(100_000)}`],
      ['general.organization', 'u32', 5],
      ['general.license', 'string', 'l'.repeat(1000)],
      ['general.languages', 'string[]', Array.from({ length: 5000 }, () => 'x'.repeat(500))],
      ['general.url', 'string', 'javascript:alert(1)'],
      ['general.source.url', 'string', `https://models.test/${'a'.repeat(5000)}`],
      ['general.license.link', 'string', 'https://user:secret@licences.test/'],
      ['tokenizer.ggml.model', 'string', 'gpt2'],
      ['tokenizer.ggml.tokens', 'string', 'not a list'],
    ]);
    const texts = [said.name, said.architecture, said.licence!, ...said.languages!];
    for (const text of texts) {
      expect(Array.from(text).length).toBeLessThanOrEqual(160);
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    expect(said.languages).toHaveLength(16);
    expect(said).toMatchObject({ vocabulary: null, contextTokens: null });
    for (const absent of ['publisher', 'address', 'licenceAddress', 'bases', 'sha256'])
      expect(said).not.toHaveProperty(absent);
  });

  test('of a shape that is none are not taken for one', async () => {
    const { shape, contextTokens } = await madeOf([
      ['general.architecture', 'string', 'llama'],
      ['llama.block_count', 'f32', 1.5],
      ['llama.embedding_length', 'string', '576'],
      ['llama.attention.head_count', 'u32[]', [8, 8]],
      ['llama.context_length', 'i32', -1],
    ]);
    expect(shape).toEqual({ layers: null, embedding: null, feedForward: null, heads: null, kvHeads: null });
    expect(contextTokens).toBeNull();
  });
});
