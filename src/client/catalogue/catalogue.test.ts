import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { dataFile } from '../../../test/support/data.ts';
import { type CatalogueEntry, type CatalogueFile, loadCatalogue, readCatalogue } from './catalogue.ts';
import { fetchSample } from './fetch-sample.ts';
import { readModelCard } from './model-card.ts';
import { termsOf } from './terms.ts';

const page = 'https://hospital.test/tools/bedside/';
const publicFolder = new URL('../../../public/', import.meta.url);
const shipped: unknown = JSON.parse(readFileSync(new URL('models/catalogue.json', publicFolder), 'utf8'));

describe('the catalogue that is shipped', () => {
  const models = readCatalogue(shipped, page);

  test('has the demonstration and what a reader may bring', () => {
    expect(
      models.map(({ id, kind, template, includeHistory }) => ({ id, kind, template, includeHistory })),
    ).toEqual([
      { id: 'nano-chat', kind: 'demonstration', template: 'pmc-llama', includeHistory: false },
      { id: 'nano-vqa', kind: 'demonstration', template: 'internvl2-chat', includeHistory: true },
      { id: 'smollm2-135m-instruct', kind: 'bring-your-own', template: 'file', includeHistory: true },
      { id: 'pmc-llama-13b', kind: 'bring-your-own', template: 'pmc-llama', includeHistory: true },
      { id: 'pmc-llama-7b', kind: 'bring-your-own', template: 'raw', includeHistory: false },
      { id: 'mini-monkey-2b', kind: 'bring-your-own', template: 'internvl2-chat', includeHistory: true },
      { id: 'internvl2-2b', kind: 'bring-your-own', template: 'internvl2-chat', includeHistory: true },
      { id: 'internlm2-chat-1.8b', kind: 'bring-your-own', template: 'internlm2-chat', includeHistory: true },
      { id: 'medgemma-1.5-4b', kind: 'bring-your-own', template: 'file', includeHistory: true },
      { id: 'gemma-3-1b', kind: 'bring-your-own', template: 'file', includeHistory: true },
      { id: 'gemma-3-4b', kind: 'bring-your-own', template: 'file', includeHistory: true },
      { id: 'openbiollm-8b', kind: 'bring-your-own', template: 'file', includeHistory: true },
      { id: 'huatuogpt-o1-8b', kind: 'bring-your-own', template: 'file', includeHistory: true },
      { id: 'finemedlm-o1', kind: 'bring-your-own', template: 'file', includeHistory: true },
      { id: 'qwen3-4b', kind: 'bring-your-own', template: 'file', includeHistory: true },
      { id: 'biomistral-7b', kind: 'bring-your-own', template: 'file', includeHistory: true },
      { id: 'phi-3.5-mini', kind: 'bring-your-own', template: 'file', includeHistory: true },
    ]);
    for (const model of models) expect(model.suggestedQuestions.length).toBeGreaterThan(0);
  });

  test('pins exactly the files that are there', () => {
    for (const { card, sampleImages = [] } of models) {
      for (const url of [card, ...sampleImages.map(sample => sample.url)]) {
        if (url) expect(existsSync(localPath(url)), url).toBe(true);
      }
    }
    for (const file of models.flatMap(filesOf)) {
      const data = readFileSync(localPath(file.url));
      expect(data.length).toBe(file.bytes);
      expect(sha256Hex(data)).toBe(file.sha256);
      const chunks = file.chunkSha256.map((_, i) =>
        data.subarray(i * file.chunkBytes, (i + 1) * file.chunkBytes),
      );
      expect(chunks.map(sha256Hex)).toEqual(file.chunkSha256);
    }
  });

  test('does not promise a medical purpose', () => {
    const texts = models
      .flatMap(({ summary, suggestedQuestions }) => [summary, ...suggestedQuestions])
      .join(' ');
    expect(texts).not.toMatch(/\b(diagnos|detect|triage|prescrib)/i);
  });

  test('each card repeats the files that the catalogue pins', () => {
    const bundled = models.filter(({ kind }) => kind === 'demonstration');
    expect(bundled).toHaveLength(2);
    for (const model of bundled) {
      const stated = JSON.parse(readFileSync(localPath(model.card!), 'utf8'));
      const pinned = filesOf(model).map(({ bytes, sha256 }) => ({ bytes, sha256 }));
      expect(stated).toMatchObject({ id: model.id, files: pinned });
    }
  });

  test('each model has a card that says what it must not be used for', () => {
    for (const { id, name, card } of models) {
      const stated = readModelCard(JSON.parse(readFileSync(localPath(card!), 'utf8')));
      expect(stated, id).toMatchObject({ name });
      expect(stated.notice, id).toMatch(/[Nn]ever for/);
      expect(stated.purpose.outOfScope.join(' '), id).toContain('Care of any patient');
      expect(stated.limits.length, id).toBeGreaterThan(1);
    }
  });

  test('what a reader may bring can be had from its publisher, at an address that does not go elsewhere', () => {
    for (const { publisher } of models.filter(each => each.publisher)) {
      for (const { url } of [publisher?.checkpoint, publisher?.file].filter(each => each !== undefined)) {
        expect(url.startsWith(`${publisher?.page}/resolve/`)).toBe(true);
      }
      expect(publisher?.checkpoint ?? publisher?.file).toBeDefined();
    }
  });

  test('a published file is that of one revision, and the card has its hash', () => {
    const published = models.filter(({ publisher }) => publisher?.file);
    expect(published.map(({ id }) => id)).toEqual(['smollm2-135m-instruct']);
    for (const { card, publisher, expects } of published) {
      const { url, bytes, sha256 } = publisher!.file!;
      expect(url).toMatch(/\/resolve\/[0-9a-f]{40}\//);
      const stated = JSON.parse(readFileSync(localPath(card!), 'utf8'));
      expect(stated.files).toEqual([expect.objectContaining({ name: url.split('/').at(-1), bytes, sha256 })]);
      expect(expects!.bytesApprox).toBe(bytes);
    }
  });

  const smol = dataFile('testdata/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');
  test.skipIf(!smol)('SmolLM2 is the file that is meant (needs BEDSIDE_DATA)', async () => {
    const { publisher } = models.find(({ id }) => id === 'smollm2-135m-instruct')!;
    const data = readFileSync(smol!);
    expect(publisher?.file).toMatchObject({ bytes: data.length, sha256: sha256Hex(data) });
  });

  test('each model of Gemma has the terms that its publisher binds it to, and no other has', () => {
    const bound = models.filter(({ terms }) => terms).map(({ id, terms }) => [id, terms]);
    expect(bound).toEqual([
      ['medgemma-1.5-4b', 'hai-def'],
      ['gemma-3-1b', 'gemma'],
      ['gemma-3-4b', 'gemma'],
    ]);
    expect(models.filter(({ expects }) => expects?.architecture.startsWith('gemma'))).toHaveLength(3);
    for (const model of models.filter(({ terms }) => terms)) {
      const stated = readModelCard(JSON.parse(readFileSync(localPath(model.card!), 'utf8')));
      expect(stated.license.attribution).toContain(termsOf(model)!.notice);
      expect(stated.license.attribution).toContain('does not endorse');
    }
  });

  test('says of a model that sees whether it was trained for medicine', () => {
    for (const { summary } of models.filter(({ vision }) => vision)) {
      expect(summary).toMatch(
        /not trained for medicine|has seen no real medical image|trained further on medical texts and images/,
      );
    }
  });

  test('every file has a key of its own in the weight store', () => {
    const ids = models.flatMap(filesOf).map(({ id }) => id);
    expect(ids).toEqual(['nano-chat', 'nano-vqa', 'nano-vqa-vision']);
  });
});

/** Of demonstrations, whose files are pinned. */
const filesOf = ({ file, vision }: CatalogueEntry) =>
  [file, vision?.file].filter(each => each !== undefined) as CatalogueFile[];

const sha256Hex = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
const localPath = (url: string) => fileURLToPath(new URL(url.slice(page.length), publicFolder));

test('files and cards are found beside the page, and a file is a source to load from', () => {
  const [nano] = readCatalogue(shipped, page);
  expect(nano?.card).toBe(`${page}models/nano-chat/card.json`);
  expect(nano?.file).toMatchObject({
    kind: 'url',
    id: 'nano-chat',
    url: `${page}models/nano-chat/nano-chat-q8_0.gguf`,
  });
});

const hash = 'a'.repeat(64);
const file = { path: './models/n.gguf', bytes: 9, sha256: hash, chunkBytes: 8, chunkSha256: [hash, hash] };
const entry = {
  id: 'n',
  name: 'N',
  summary: 'S',
  kind: 'demonstration',
  license: 'L',
  template: 'raw',
  includeHistory: false,
  contextTokens: 10,
  suggestedQuestions: [],
  file,
};

test('a minimal catalogue is accepted', () => {
  expect(readCatalogue({ v: 1, models: [entry] }, page)).toHaveLength(1);
});

test.each<[string, unknown, string]>([
  ['a list', [], 'catalogue must be an object'],
  ['another version', { v: 2, models: [] }, 'catalogue.v must be 1'],
  ['no models', { v: 1 }, 'catalogue.models must be a list'],
  ['an entry that is none', { v: 1, models: [5] }, 'models[0] must be an object'],
  ['the same id twice', { v: 1, models: [entry, entry] }, 'models must have different ids'],
])('%s is refused', (_, data, message) => {
  expect(() => readCatalogue(data, page)).toThrow(message);
});

test('a model that sees brings its image half, its first message and samples', () => {
  const sample = { path: './samples/s.png', name: 'S', description: 'D', question: 'Q' };
  const seeing = { ...entry, system: 'You see.', vision: { file }, sampleImages: [sample] };
  const [model] = readCatalogue({ v: 1, models: [seeing] }, page);
  expect(model).toMatchObject({
    system: 'You see.',
    vision: { file: { kind: 'url', id: 'n-vision', url: `${page}models/n.gguf`, bytes: 9 } },
    sampleImages: [{ url: `${page}samples/s.png`, name: 'S', description: 'D', question: 'Q' }],
  });
});

test('a model that sees and is brought says how large its image half is', () => {
  const expects = { architecture: 'a', bytesApprox: 9, requirements: 'R', vision: { bytesApprox: 4 } };
  const own = { ...entry, kind: 'bring-your-own', file: undefined, vision: {}, expects };
  expect(readCatalogue({ v: 1, models: [own] }, page)[0]).toMatchObject({ vision: {}, expects });
});

test.each<[Record<string, unknown>, string]>([
  [{ name: '' }, 'models[0].name must be a text'],
  [{ kind: 'other' }, 'models[0].kind must be one of demonstration, bring-your-own'],
  [
    { template: 'no-such-form' },
    'models[0].template must be one of pmc-llama, internlm2-chat, internvl2-chat, chatml, alpaca, vicuna, llama-2, gemma-3, raw, file',
  ],
  [{ includeHistory: 'no' }, 'models[0].includeHistory must be true or false'],
  [{ contextTokens: 0 }, 'models[0].contextTokens must be a positive whole number'],
  [{ suggestedQuestions: [1] }, 'models[0].suggestedQuestions must be a list of texts'],
  [{ card: 'https://elsewhere.test/card.json' }, 'models[0].card must start with ./'],
  [{ file: undefined }, 'models[0].file must be there for a demonstration'],
  [{ kind: 'bring-your-own' }, 'models[0].expects must be there without a file'],
  [{ expects: {} }, 'models[0].expects.architecture must be a text'],
  [{ sampling: { temperature: 9 } }, 'models[0].sampling.temperature is out of range'],
  [{ sampling: { topK: '5' } }, 'models[0].sampling.topK must be a number'],
  [{ system: '' }, 'models[0].system must be a text'],
  [{ vision: true }, 'models[0].vision must be an object'],
  [{ vision: {} }, 'models[0].vision must have a file for a demonstration'],
  [{ vision: { file: {} } }, 'models[0].vision.file.bytes must be a number'],
  [{ sampleImages: {} }, 'models[0].sampleImages must be a list'],
  [
    { sampleImages: [{ path: 'https://elsewhere.test/s.png' }] },
    'models[0].sampleImages[0].path must start with ./',
  ],
  [
    { sampleImages: [{ path: './s.png', name: 'S' }] },
    'models[0].sampleImages[0].description must be a text',
  ],
  [
    { kind: 'bring-your-own', vision: {}, expects: { architecture: 'a', bytesApprox: 1, requirements: 'R' } },
    'models[0].vision and expects.vision must be there together',
  ],
  [
    { publisher: { page: 'https://p.test/n', file: { url: 'http://p.test/n.gguf' } } },
    'models[0].publisher.file.url must be an https address',
  ],
  [
    {
      publisher: { page: 'https://p.test/n', file: { url: 'https://p.test/n.gguf', bytes: 9, sha256: 'x' } },
    },
    'models[0].publisher.file.sha256 must be 64 hex digits',
  ],
  [{ file: { ...file, path: '//elsewhere.test/n.gguf' } }, 'models[0].file.path must start with ./'],
  [{ file: { ...file, bytes: '9' } }, 'models[0].file.bytes must be a number'],
  [{ file: { ...file, chunkSha256: [hash] } }, 'models[0].file.chunkSha256 must have 2 hashes'],
  [
    { file: { ...file, chunkSha256: [hash, 'x'] } },
    'models[0].file.sha256 and the chunk hashes must be 64 hex digits',
  ],
])('%j is refused', (wrong, message) => {
  expect(() => readCatalogue({ v: 1, models: [{ ...entry, ...wrong }] }, page)).toThrow(message);
});

describe('loadCatalogue', () => {
  test('asks beside the page', async () => {
    const asked: string[] = [];
    const models = await loadCatalogue(page, async url => {
      asked.push(url);
      return Response.json(shipped);
    });
    expect(asked).toEqual([`${page}models/catalogue.json`]);
    expect(models[0]?.id).toBe('nano-chat');
  });

  test.each<[string, () => Promise<Response>, string]>([
    ['cannot be reached', () => Promise.reject(new TypeError('Failed to fetch')), 'network'],
    ['is not there', async () => new Response('', { status: 404 }), 'network'],
    ['is a page', async () => new Response('<!doctype html>'), 'internal'],
    ['is damaged', async () => Response.json({ v: 1 }), 'internal'],
  ])('tells when the list %s', async (_, fetchFile, code) => {
    await expect(loadCatalogue(page, fetchFile)).rejects.toMatchObject({ code });
  });
});

describe('fetchSample', () => {
  const sample = { url: `${page}samples/s.png`, name: 'S.png', description: 'D', question: 'Q' };

  test('gives a file as if it had been picked', async () => {
    const file = await fetchSample(sample, async url => {
      expect(url).toBe(sample.url);
      return new Response('pixels', { headers: { 'Content-Type': 'image/png' } });
    });
    expect([file.name, file.type, await file.text()]).toEqual(['S.png', 'image/png', 'pixels']);
  });

  test.each<[string, () => Promise<Response>]>([
    ['cannot be reached', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['is not there', async () => new Response('', { status: 404 })],
  ])('tells when it %s', async (_, fetchFile) => {
    await expect(fetchSample(sample, fetchFile)).rejects.toMatchObject({ code: 'network' });
  });
});
