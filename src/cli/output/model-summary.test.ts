import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { bundledModel } from '../../../test/support/data.ts';
import { type MetadataEntry, writeGguf } from '../../../test/support/gguf-writer.ts';
import { bytesSource } from '../../engine/formats/byte-source.ts';
import { planModel } from '../../engine/loading/load-model.ts';
import { type ModelSummary, summariseModel } from './model-summary.ts';
import { summaryInWords } from './summary-in-words.ts';

const limits = { maxBufferBytes: 2 ** 31, maxBindingBytes: 2 ** 31 - 4 };
const options = { precision: 'f32', limits } as const;

describe('a model that runs', () => {
  const source = bytesSource(readFileSync(bundledModel));
  let summary: ModelSummary;
  beforeAll(async () => {
    summary = await summariseModel(source, options);
  });

  it('is named, counted and described', () => {
    expect(summary).toMatchObject({
      architecture: 'llama',
      name: 'Bedside nano chat',
      contextLength: 2048,
      runs: true,
      tokenizer: {
        kind: 'SentencePiece BPE',
        pieces: 4096,
        merges: 0,
        bos: { id: 1, piece: '<s>' },
        endTokens: [{ id: 2, piece: '</s>' }],
      },
      chatTemplate: null,
      askedWith: 'pmc-llama',
    });
    const { tensorTypes, tensors, parameterCount } = summary;
    expect(tensorTypes.map(({ type }) => type)).toEqual(['Q8_0', 'F32']);
    expect(tensorTypes.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(parameterCount);
    expect(tensorTypes.reduce((sum, { tensors: count }) => sum + count, 0)).toBe(tensors.length);
    expect(tensorTypes.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(
      tensors.reduce((sum, { bytes }) => sum + bytes, 0),
    );
  });

  it('is recognised as what the page calls it, as long as it is that file', async () => {
    const sha256 = createHash('sha256').update(readFileSync(bundledModel)).digest('hex');
    expect(summary.recognised).toEqual({ by: 'hash', names: ['nano-chat'], sha256 });
    // One byte of a weight is another.
    const bytes = new Uint8Array(readFileSync(bundledModel));
    bytes[bytes.length - 1]! ^= 1;
    const other = await summariseModel(bytesSource(bytes), options);
    expect(other.recognised).toMatchObject({ by: 'looks like', names: ['nano-chat'] });
    expect(summaryInWords(other)).toMatch(/^recognised {2,}not for certain: it looks like nano-chat$/m);
  });

  it('has for three lengths of conversation the memory that loading plans', async () => {
    expect(summary.memory.map(({ contextTokens }) => contextTokens)).toEqual([512, 1024, 2048]);
    for (const { contextTokens, deviceBytes, cacheBytes } of summary.memory) {
      const { memory } = await planModel(limits, source, { precision: 'f32', contextTokens });
      expect({ deviceBytes, cacheBytes }).toEqual({ deviceBytes: memory.total, cacheBytes: memory.cache });
    }
  });

  it('never has its vocabulary in it whole', () => {
    expect(summary.metadata['tokenizer.ggml.tokens']).toMatchObject({ count: 4096 });
    const { tensors: _, ...rest } = summary;
    expect(JSON.stringify(rest).length).toBeLessThan(6000);
  });

  it('is a table on a terminal, with all of it', () => {
    const words = summaryInWords(summary);
    for (const expected of [
      /^name {2,}Bedside nano chat$/m,
      /^recognised {2,}nano-chat, by its hash$/m,
      /^what it is {2,}llama, 7\.2 million parameters, mostly Q8_0$/m,
      /^context {2,}2,048 tokens$/m,
      /^tokenizer {2,}SentencePiece BPE \("llama"\), 4,096 pieces$/m,
      /^end tokens {2,}<\/s> \(2\)$/m,
      /^chat template {2,}none in the file; asked with "pmc-llama" unless --template says otherwise$/m,
      /^runs {2,}yes$/m,
      /^\| 2,048 tokens \| .* MB \| .* MB \| f32 +\|$/m,
      /^\| Q8_0 +\| +44 \|/m,
    ]) {
      expect(words).toMatch(expected);
    }
  });
});

const foreign = (more: readonly MetadataEntry[]) =>
  summariseModel(
    bytesSource(writeGguf({ metadata: [['general.architecture', 'string', 'gemma2'], ...more] })),
    options,
  );

test('a model of an architecture that does not run is described, and says why it does not', async () => {
  const template = `{% for m in messages %}<start_of_turn>{{ m.content }}${' '.repeat(500)}{% endfor %}`;
  const summary = await foreign([
    ['general.name', 'string', 'Foreign 2B'],
    ['general.license', 'string', 'gemma'],
    ['general.author', 'string', 'Somebody'],
    ['gemma2.context_length', 'u32', 8192],
    ['tokenizer.ggml.model', 'string', 'gpt2'],
    ['tokenizer.ggml.pre', 'string', 'unheard-of'],
    ['tokenizer.ggml.tokens', 'string[]', ['a', '<end>', '<turn>']],
    ['tokenizer.ggml.eos_token_id', 'u32', 1],
    ['tokenizer.ggml.eot_token_id', 'u32', 2],
    ['tokenizer.chat_template', 'string', template],
  ]);
  expect(summary).toMatchObject({
    name: 'Foreign 2B',
    contextLength: 8192,
    runs: { code: 'unsupported-model', reason: 'architecture-is-not-supported' },
    memory: [],
    tokenizer: {
      kind: 'byte-level BPE',
      preTokenizer: 'unheard-of',
      endTokens: [
        { id: 1, piece: '<end>' },
        { id: 2, piece: '<turn>' },
      ],
    },
    chatTemplate: { looksLike: 'Gemma', bytes: template.length },
    askedWith: null,
  });
  expect(JSON.stringify(summary)).not.toContain('endfor');
  const words = summaryInWords(summary);
  expect(words).toContain('Models of the architecture "gemma2" are not supported');
  expect(words).toMatch(/^publisher {2,}Somebody$/m);
  expect(words).toMatch(/^licence {2,}gemma$/m);
  expect(words).toMatch(/^end tokens {2,}<end> \(1\), <turn> \(2\)$/m);
  expect(words).toMatch(/^chat template {2,}in the file, looks like Gemma, 565 bytes$/m);
});

test('a file with next to nothing in it is described by what it lacks', async () => {
  const summary = await foreign([]);
  expect(summary).toMatchObject({
    name: 'Unnamed model',
    contextLength: null,
    tokenizer: null,
    chatTemplate: null,
  });
  expect(summaryInWords(summary)).toMatch(/^tokenizer {2,}none$/m);
});

test('how a file recommends to choose words is shown, with what is not followed', async () => {
  const summary = await foreign([
    ['general.sampling.temp', 'f32', 0.6],
    ['general.sampling.top_k', 'i32', 20],
    ['general.sampling.mirostat', 'i32', 2],
  ]);
  expect(summary.sampling).toEqual({ settings: { temperature: 0.6, topK: 20 }, notFollowed: ['mirostat 2'] });
  expect(summaryInWords(summary)).toMatch(
    /^words {2,}temperature 0\.6, top-k 20; not followed: mirostat 2$/m,
  );
  expect(summaryInWords(await foreign([]))).not.toMatch(/^words/m);
});

test('what a file says cannot steer the terminal', async () => {
  const steering = '\u001b[2J\u001b]0;owned\u0007\r\u202e';
  const words = summaryInWords(await foreign([['general.name', 'string', `Model${steering}`]]));
  expect(words).toContain('Model [2J ]0;owned');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(words).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});
