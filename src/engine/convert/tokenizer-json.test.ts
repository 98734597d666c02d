import { describe, expect, it } from 'vitest';
import { bytesSource } from '../formats/byte-source.ts';
import { createTokenizer } from '../tokenizer/tokenizer.ts';
import { readVocabulary } from '../tokenizer/vocabulary.ts';
import { readTokenizerJson } from './tokenizer-json.ts';
import { tokenizerProperties } from './tokenizer-properties.ts';

type Json = Record<string, unknown>;

function folderOf(files: Record<string, Json>) {
  return {
    open: async (name: string) =>
      files[name] && bytesSource(new TextEncoder().encode(JSON.stringify(files[name]))),
  };
}

const end = { id: 7, content: '<|end|>', special: true };

/** Of SentencePiece's kind, with spaces as they are. */
const spaced = {
  normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' },
  pre_tokenizer: null,
  added_tokens: [
    end,
    { id: 8, content: '\u2581\u2581', special: false },
    { id: 9, content: '<b>', special: false },
  ],
  model: {
    type: 'BPE',
    byte_fallback: true,
    unk_token: '<unk>',
    vocab: { '<unk>': 0, '<0x41>': 1, a: 2, b: 3, ab: 4, '\u2581ab': 5, '\u2581': 6 },
    merges: [['a', 'b'], '\u2581 ab'],
  },
};

async function tokenizerOf(file: Json, settings: Json = { eos_token: '<|end|>' }, size = 12) {
  const folder = folderOf({ 'tokenizer.json': file, 'tokenizer_config.json': settings });
  const json = await readTokenizerJson(folder);
  const properties = await tokenizerProperties(folder, json!, size);
  const vocabulary = readVocabulary(new Map(properties.map(([key, , value]) => [key, value])));
  return { vocabulary, tokenizer: createTokenizer(vocabulary) };
}

const failureOf = (file: Json) =>
  readTokenizerJson(folderOf({ 'tokenizer.json': file })).then(
    () => 'converted',
    ({ code, message }) => `${code}: ${message}`,
  );

it('is absent where the folder has none', async () => {
  expect(await readTokenizerJson(folderOf({}))).toBeUndefined();
});

describe('of the kind of SentencePiece', () => {
  it('merges by rank, and fills up with unused pieces', async () => {
    const { vocabulary, tokenizer } = await tokenizerOf(spaced);
    expect(vocabulary.kind).toBe('spm');
    expect(Array.from(vocabulary.types!)).toEqual([2, 6, 1, 1, 1, 1, 1, 3, 4, 4, 5, 5]);
    expect(vocabulary.addSpacePrefix).toBe(false);
    expect(tokenizer.encode('ab ab')).toEqual([4, 5]);
    // A run of spaces and a tag of HTML are found in any text, markup is not.
    expect(tokenizer.encode('ab  ab<b>')).toEqual([4, 8, 4, 9]);
    expect(tokenizer.encode('ab<|end|>', { parseSpecial: true })).toEqual([4, 7]);
    expect(tokenizer.encode('a<|end|>')).not.toContain(7);
  });

  it('says whether a text begins with a space and with a start piece', async () => {
    const { vocabulary } = await tokenizerOf(
      {
        ...spaced,
        normalizer: {
          type: 'Sequence',
          normalizers: [{ type: 'Prepend', prepend: '\u2581' }, spaced.normalizer],
        },
        post_processor: { type: 'TemplateProcessing', single: [{ SpecialToken: { id: '<|end|>' } }] },
      },
      { eos_token: { content: '<|end|>' }, bos_token: '<|end|>' },
    );
    expect(vocabulary).toMatchObject({ addSpacePrefix: true, addBos: true });
  });
});

describe('of bytes', () => {
  const bytes = (pre_tokenizer: unknown, others: Json = {}) => ({
    pre_tokenizer,
    added_tokens: [end],
    model: { type: 'BPE', vocab: { a: 0 }, merges: [], ...others },
  });
  const level = { type: 'ByteLevel', add_prefix_space: false };

  it.each<[string, unknown, Json, unknown]>([
    ['gpt-2', level, {}, undefined],
    ['olmo', level, {}, { type: 'NFC' }],
    [
      'smollm',
      { type: 'Sequence', pretokenizers: [{ type: 'Digits', individual_digits: true }, level] },
      {},
      undefined,
    ],
  ])('is cut by the rule %s', async (name, rule, model, normalizer) => {
    const json = await readTokenizerJson(
      folderOf({ 'tokenizer.json': { ...bytes(rule, model), normalizer } }),
    );
    expect(json!.preTokenizer).toBe(name);
  });

  it.each<[string, Json]>([
    ['pre-tokenizer', bytes({ type: 'Whitespace' })],
    ['whole words', bytes(level, { ignore_merges: true })],
    ['normalizer', { ...bytes(level), normalizer: { type: 'Lowercase' } }],
    ['kind', bytes(level, { type: 'WordPiece' })],
    ['suffix', bytes(level, { end_of_word_suffix: '</w>' })],
  ])('with another %s it is refused in words', async (_, file) => {
    expect(await failureOf(file)).toMatch(/^unsupported-model: tokenizer\.json has .*not supported/);
  });

  it.each<[string, Json]>([
    ['merge', bytes(level, { merges: ['a'] })],
    ['piece', bytes(level, { vocab: { a: -1 } })],
    ['added token', { ...bytes(level), added_tokens: [{ id: 'x' }] }],
  ])('a malformed %s is refused', async (_, file) => {
    expect(await failureOf(file)).toMatch(/^invalid-model: tokenizer\.json /);
  });
});
