import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { splitGguf } from '../../../test/support/split-gguf.ts';
import { shardName } from '../../engine/formats/shard-name.ts';
import { info } from './info.ts';
import { tokenize } from './tokenize.ts';

const whole = new URL('../../../public/models/nano-chat/nano-chat-q8_0.gguf', import.meta.url).pathname;
let folder: string;
const partOf = (stem: string, number: number) => join(folder, shardName({ stem, number, count: 3 }));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bedside-split-'));
  const parts = await splitGguf(new Uint8Array(readFileSync(whole)), 3);
  for (const [index, part] of parts.entries()) {
    writeFileSync(partOf('nano', index + 1), part);
    if (index !== 1) writeFileSync(partOf('gap', index + 1), part);
  }
  writeFileSync(join(folder, 'renamed.gguf'), parts[0]!);
});

afterAll(() => rmSync(folder, { recursive: true }));

it.each([1, 3])('a split model is named by its part %i', async number => {
  expect(await info([partOf('nano', number)])).toEqual(await info([whole]));
});

it('a split model tokenizes as the whole one', async () => {
  const text = ['--text', 'What is asthma?'];
  expect(await tokenize([partOf('nano', 1), ...text])).toEqual(await tokenize([whole, ...text]));
});

it('a missing part is named', async () => {
  await expect(info([partOf('gap', 1)])).rejects.toMatchObject({
    code: 'part-missing',
    message: 'This model comes in 3 parts: part 2 is missing.',
  });
});

it('a part under another name is known for what it is', async () => {
  await expect(info([join(folder, 'renamed.gguf')])).rejects.toThrow(
    'This is part 1 of 3 of a model: parts 2 and 3 are missing.',
  );
});

it('a part that is not there is said to be so', async () => {
  await expect(info([partOf('nowhere', 1)])).rejects.toMatchObject({ code: 'no-model' });
  await expect(info([join(folder, 'no', 'm-00001-of-00003.gguf')])).rejects.toMatchObject({
    code: 'no-model',
  });
});
