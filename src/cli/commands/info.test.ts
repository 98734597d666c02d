import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bundledModel } from '../../../test/support/data.ts';
import { info } from './info.ts';

const { isTTY } = process.stdout;
let written = '';

beforeEach(() => {
  written = '';
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    written += String(text);
    return true;
  });
});
afterEach(() => {
  process.stdout.isTTY = isTTY;
  vi.restoreAllMocks();
});

test('prints a table on a terminal', async () => {
  process.stdout.isTTY = true;
  expect(await info([bundledModel])).toBeUndefined();
  expect(written).toMatch(/^name {2,}Bedside nano chat$/m);
});

test('gives JSON on a terminal where it is asked to', async () => {
  process.stdout.isTTY = true;
  expect(await info([bundledModel, '--json'])).toMatchObject({ name: 'Bedside nano chat', runs: true });
  expect(written).toBe('');
});

test('gives JSON where another program reads', async () => {
  process.stdout.isTTY = false;
  expect(await info([bundledModel])).toMatchObject({ name: 'Bedside nano chat', runs: true });
  expect(written).toBe('');
});

test('plans memory with the precision that is asked for', async () => {
  const cacheOf = async (precision: string) => {
    const { memory } = (await info([bundledModel, '--json', '--precision', precision])) as {
      memory: { precision: string; cacheBytes: number }[];
    };
    return memory.at(-1)!;
  };
  const [whole, small] = [await cacheOf('f32'), await cacheOf('q8')];
  expect(small.precision).toBe('q8');
  expect(small.cacheBytes).toBeLessThan(whole.cacheBytes / 2);
});
