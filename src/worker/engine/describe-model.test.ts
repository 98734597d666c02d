import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import { convertBoth } from '../../../test/support/convert-folder.ts';
import { bundledModel, dataFile } from '../../../test/support/data.ts';
import { failure, gguf, setUp } from '../../../test/support/fake-worker.ts';
import { type MetadataEntry, writeGguf } from '../../../test/support/gguf-writer.ts';
import { splitGguf } from '../../../test/support/split-gguf.ts';
import { planModel } from '../../engine/loading/load-model.ts';
import { mebibyte } from '../../storage/weight-manifest.ts';
import type { DescribeHeadsRequest } from './engine-messages.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const limits = { maxBufferBytes: 2 ** 31, maxBindingBytes: 2 ** 31 - 4 };
const { api, weights } = setUp({ planModel: (_, source, options) => planModel(limits, source, options) });
const picked = (bytes: Uint8Array<ArrayBuffer>, name: string) =>
  ({ kind: 'file', file: new File([bytes], name) }) as const;
const nano = new Uint8Array(readFileSync(bundledModel));
const models = new URL('../../../public/models/', import.meta.url);

async function describeFiles(request: Omit<DescribeHeadsRequest, 'precision'>) {
  return api.describeModel({ ...request, precision: 'f32' });
}

test('a model that runs: its identity, its plan, its tokens', async () => {
  const result = await describeFiles({ source: picked(nano, 'mine.gguf'), contextTokens: 512 });
  expect(result).toMatchObject({
    ok: true,
    value: {
      identity: { name: 'Bedside nano chat', fileBytes: nano.length },
      isSwapped: false,
      runs: true,
      plan: { contextTokens: 512 },
      tokenizer: { startPiece: '<s>', addsStart: true, endPieces: ['</s>'] },
      template: null,
      imageTemplate: null,
    },
  });
  expect(result.ok && result.value.identity).not.toHaveProperty('sha256');
});

test('the template in its file: what trials of it show, or why it cannot be used', async () => {
  const bytes = Array.from({ length: 256 }, (_, i) => `<0x${i.toString(16).padStart(2, '0').toUpperCase()}>`);
  const tokens = ['<unk>', '<s>', '</s>', ...bytes];
  const describeTemplate = async (template: string) => {
    const metadata: MetadataEntry[] = [
      ['general.architecture', 'string', 'llama'],
      ['tokenizer.ggml.model', 'string', 'llama'],
      ['tokenizer.ggml.tokens', 'string[]', tokens],
      ['tokenizer.ggml.scores', 'f32[]', tokens.map(() => 0)],
      ['tokenizer.ggml.token_type', 'i32[]', tokens.map((_, i) => [2, 3, 3][i] ?? 6)],
      ['tokenizer.ggml.eos_token_id', 'u32', 2],
      ['tokenizer.chat_template', 'string', template],
    ];
    const result = await describeFiles({ source: picked(writeGguf({ metadata }), 'mine.gguf') });
    return result.ok && result.value.template;
  };
  const usable = '{% for m in messages %}{{ m.role }}: {{ m.content }}</s>{% endfor %}assistant:';
  expect(await describeTemplate(usable)).toMatchObject({ system: 'own', endPiece: '</s>' });
  expect(await describeTemplate('{% for %}')).toMatchObject({ fault: { code: 'unusable-template' } });
});

describe('the hash', () => {
  const sha256 = createHash('sha256').update(nano).digest('hex');

  test('of a picked file is computed where a file of its size is known', async () => {
    const source = picked(nano, 'mine.gguf');
    expect(await describeFiles({ source, knownSizes: [5, nano.length] })).toMatchObject({
      value: { identity: { sha256: [sha256] } },
    });
    const other = await describeFiles({ source, knownSizes: [nano.length - 1] });
    expect(other.ok && other.value.identity.sha256).toBeUndefined();
  });

  test('of a file that was fetched is the one that it was compared with', async () => {
    const source = { kind: 'url', id: 'nano', url: 'https://models.test/nano.gguf', sha256 } as const;
    expect(await describeFiles({ source })).toEqual(failure('no-model'));
    async function* bytes() {
      yield nano;
    }
    const layout = { url: source.url, bytes: nano.length, chunkBytes: 8 * mebibyte, name: 'stored.gguf' };
    await weights.saveFile('nano', bytes(), layout);
    expect(await describeFiles({ source })).toMatchObject({ value: { identity: { sha256: [sha256] } } });
    const unnamed = { ...source, sha256: undefined };
    const described = await describeFiles({ source: unnamed, knownSizes: [nano.length] });
    expect(described.ok && described.value.identity.sha256).toBeUndefined();
  });
});

test('of the beginning of a file that is elsewhere all but its hash is known', async () => {
  const head = {
    kind: 'head',
    name: 'far.gguf',
    bytes: nano.length,
    head: new Blob([nano.slice(0, 2e6)]),
  } as const;
  expect(await describeFiles({ source: head, knownSizes: [nano.length] })).toMatchObject({
    value: { identity: { name: 'Bedside nano chat', fileBytes: nano.length }, runs: true },
  });
  const nameless = { ...head, bytes: gguf('gemma2').length, head: new Blob([gguf('gemma2')]) };
  expect(await describeFiles({ source: nameless })).toMatchObject({
    value: { identity: { name: 'far', namedBy: 'file name' } },
  });
});

test('an architecture that does not run is refused by its name, with the list of those that do', async () => {
  const result = await describeFiles({ source: picked(gguf('qwen3moe'), 'Qwen.gguf') });
  expect(result).toMatchObject({
    ok: true,
    value: {
      identity: { name: 'Qwen', architecture: 'qwen3moe' },
      runs: {
        code: 'unsupported-model',
        message: expect.stringContaining('"qwen3moe"'),
        advice: expect.stringContaining('llama'),
      },
      plan: null,
      tokenizer: null,
    },
  });
});

test('of two files it says which half is which', async () => {
  const [text, eyes] = [picked(gguf('internlm2'), 't.gguf'), picked(gguf('clip'), 'e.gguf')];
  const described = { identity: { name: 't' }, vision: { name: 'e' }, imageTemplate: 'internvl2-chat' };
  expect(await describeFiles({ source: text, vision: eyes })).toMatchObject({
    value: { ...described, isSwapped: false },
  });
  expect(await describeFiles({ source: eyes, vision: text })).toMatchObject({
    value: { ...described, isSwapped: true },
  });
});

test('an image half alone is no model', async () => {
  expect(await describeFiles({ source: picked(gguf('clip'), 'e.gguf') })).toMatchObject({
    value: { identity: { architecture: 'clip' }, runs: { code: 'unsupported-model' } },
  });
});

const medgemma = dataFile('testdata/families/medgemma-nano');
test.skipIf(!medgemma)(
  'halves of two families do not run together, whichever is which (needs BEDSIDE_DATA)',
  async () => {
    const { text, vision } = await convertBoth(medgemma!, 'F16');
    const [gemma, tower] = [text, vision].map((bytes, i) => picked(new Uint8Array(bytes), `gemma-${i}.gguf`));
    const [monkey, eyes] = ['nano-vqa-q8_0.gguf', 'nano-vqa-mmproj-f16.gguf'].map(name =>
      picked(new Uint8Array(readFileSync(new URL(`nano-vqa/${name}`, models))), name),
    );
    const told = async (source: typeof gemma, other: typeof gemma) => {
      const described = await describeFiles({ source: source!, vision: other! });
      return described.ok && described.value.runs;
    };
    const families = (encoder: string, language: string) => ({
      code: 'vision-mismatch',
      reason: 'halves-of-two-families',
      values: expect.objectContaining({ encoderFamily: encoder, languageFamily: language }),
    });
    const [gemmas, monkeys] = ['Gemma 3 or MedGemma', 'InternVL2 or Mini-Monkey'];
    expect(await told(gemma, eyes)).toMatchObject(families(monkeys!, gemmas!));
    expect(await told(eyes, gemma)).toMatchObject(families(monkeys!, gemmas!));
    expect(await told(monkey, tower)).toMatchObject(families(gemmas!, monkeys!));
    expect(await told(gemma, tower)).toBe(true);
    expect(await told(monkey, eyes)).toBe(true);
  },
);

test('parts are one model, called by what their names have in common', async () => {
  const whole = writeGguf({
    metadata: [['general.architecture', 'string', 'internlm2']],
    tensors: ['a', 'b'].map(name => ({ name, type: 0, shape: [8], data: new Uint8Array(32) })),
  });
  const shards = await splitGguf(whole, 2);
  const parts = shards.map((bytes, i) => picked(bytes, `big-0000${i + 1}-of-00002.gguf`));
  const knownSizes = shards.map(({ length }) => length);
  expect(await describeFiles({ source: { kind: 'split', parts }, knownSizes })).toMatchObject({
    value: {
      identity: {
        name: 'big',
        parameterCount: 16,
        sha256: shards.map(bytes => createHash('sha256').update(bytes).digest('hex')),
      },
    },
  });
  const [one] = parts;
  expect(await describeFiles({ source: { kind: 'split', parts: [one!] } })).toEqual(failure('part-missing'));
  expect(await describeFiles({ source: one! })).toEqual(failure('part-missing'));
});

test('what is no model file is refused', async () => {
  expect(await describeFiles({ source: picked(new Uint8Array(64).fill(7), 'x.gguf') })).toEqual(
    failure('not-gguf'),
  );
});
