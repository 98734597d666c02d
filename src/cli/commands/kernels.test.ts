import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { definePackedBytes } from '../../engine/gpu/packed-bytes.ts';
import { kernels as registry } from '../../engine/kernels/registry/registry.ts';
import { kernels } from './kernels.ts';

interface Composed {
  name: string;
  code: string;
  entryPoint: string;
  constants: Record<string, number>;
}

let all: Composed[];
beforeAll(async () => {
  all = (await kernels(['--json'])) as Composed[];
});
afterEach(() => vi.restoreAllMocks());

test('lists each composed kernel once, under a name of its own, with its entry point in its code', () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  const contents = all.map(({ name, ...spec }) => JSON.stringify(spec));
  expect(new Set(contents).size).toBe(all.length);
  for (const { code, entryPoint, constants } of all) {
    expect(code).toContain(`fn ${entryPoint}(`);
    for (const name of Object.keys(constants)) expect(code).toMatch(new RegExp(`override ${name}\\b`));
  }
  expect(JSON.parse(JSON.stringify(all))).toEqual(all);
});

test('leaves out no shader', () => {
  // The packed-byte functions come with a kernel only in browsers that lack them.
  const codes = all.map(({ code }) => definePackedBytes(code));
  const folder = join(import.meta.dirname, '../../../shaders');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
    name.endsWith('.wgsl'),
  );
  expect(files.length).toBeGreaterThan(registry.length);
  const linesOf = (text: string) =>
    text.split('\n').filter(line => line.includes('fn ') && !/\{\w+\}/.test(line));
  for (const file of files) {
    const functions = linesOf(readFileSync(join(folder, file), 'utf8'));
    expect
      .soft(
        codes.some(code => functions.every(line => code.includes(line))),
        file,
      )
      .toBe(true);
  }
});

test('says for people how large each is', async () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  expect(await kernels([])).toBeUndefined();
  const text = String(write.mock.calls[0]![0]);
  expect(text).toMatch(/^\| kernel +\| bytes \| entry point +\|$/m);
  expect(text).toMatch(/^\| attention-prefill q8, .* \| +\d+ \| attention_prefill +\|$/m);
  expect(text).toMatch(/^\d+ kernels$/m);
});

test('takes nothing else', async () => {
  await expect(kernels(['--fast'])).rejects.toMatchObject({ code: 'invalid-request' });
});
