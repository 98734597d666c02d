import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundledModel, dataFile } from '../../../test/support/data.ts';
import { tokenize } from './tokenize.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bedside-tokenize-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function listOf(texts: unknown): string {
  const path = join(folder, 'texts.json');
  writeFileSync(path, typeof texts === 'string' ? texts : JSON.stringify(texts));
  return path;
}

const idsOf = async (text: string, ...options: string[]) =>
  ((await tokenize([bundledModel, '--text', text, ...options])) as { ids: number[] }).ids;

it.each([
  { options: [] },
  { options: ['--special'] },
  { options: ['--bos'] },
  { options: ['--special', '--bos'] },
])('a list of texts is read as each of them, with $options', async ({ options }) => {
  const texts = ['What is asthma?', '', '</s> 5 µg\n', '💊'];
  const ids = await Promise.all(texts.map(text => idsOf(text, ...options)));
  expect(await tokenize([bundledModel, '--texts', listOf(texts), ...options])).toEqual({
    cases: ids.map(one => ({ ids: one })),
  });
});

it('markup is text unless it is asked for', async () => {
  expect(await idsOf('</s>')).not.toContain(2);
  expect(await idsOf('</s>', '--special')).toContain(2);
});

const vocabulary = dataFile('testdata/vocabularies/external/ggml-vocab-falcon.gguf');
it.skipIf(!vocabulary)('a file without weights is enough (needs BEDSIDE_DATA)', async () => {
  expect(await tokenize([vocabulary!, '--texts', listOf(['Hello', ''])])).toEqual({
    cases: [{ ids: [9856] }, { ids: [] }],
  });
});

it.each([
  [[], 'text-is-missing'],
  [['--text', 'a', '--texts', 'b.json'], 'text-given-twice'],
  [['--texts', '/no/such/file.json'], 'texts-cannot-be-read'],
])('%j is refused', async (options, reason) => {
  await expect(tokenize([bundledModel, ...options])).rejects.toMatchObject({
    code: 'invalid-request',
    reason,
  });
});

it.each([['{"texts": []}'], ['[1]'], ['"text"'], ['[']])('a file of %s is refused', async content => {
  await expect(tokenize([bundledModel, '--texts', listOf(content)])).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringMatching(/must hold a list of texts|cannot be read/),
  });
});
