import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bench } from '../../cli/commands/bench.ts';
import type { MemoryPlan } from '../../engine/types/memory.ts';
import { type Precision, precisions } from '../../engine/types/precision.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { quantisationForRoom } from './quantisation-for-room.ts';
import { languageHalf } from './work-of-entry.ts';

const list = new URL('../../../public/models/catalogue.json', import.meta.url);
const { models } = JSON.parse(readFileSync(list, 'utf8')) as { models: CatalogueEntry[] };
const pmcLlama = models.find(({ id }) => id === 'pmc-llama-13b')!;

test.each(precisions)(
  'with the conversation in %s 13B takes about what a file of it is planned to',
  async precision => {
    const words = [
      ...['--synthetic', 'pmc-llama-13b', '--quant', 'q3_k_m', '--plan'],
      ...['--chunk', '128', '--precision', precision],
    ];
    const { planned } = (await bench(words)) as { planned: MemoryPlan };
    const bytes = planned.total + 2 ** 26;
    const fits = quantisationForRoom(pmcLlama, 1.005 * bytes, { precision, contextTokens: 0 }, null)!;
    expect(fits.quantisation).toBe('Q3_K_M');
    expect(Math.abs(fits.bytes / bytes - 1)).toBeLessThan(0.005);
  },
);

/** What a model takes with the most exact formats that a conversion chooses, as it is stated and as its headers say it. */
async function bytesOfText(id: string, precision: Precision, contextTokens: number) {
  const entry = models.find(each => each.id === id)!;
  const { vision: _, ...text } = entry;
  const named = quantisationForRoom(languageHalf(text), 1e12, { precision, contextTokens }, null)!;
  const words = [
    '--synthetic',
    id.replace('-1.5', ''),
    '--quant',
    named.quantisation.toLowerCase(),
    '--plan',
  ];
  const options = ['--chunk', '128', '--precision', precision, '--context', String(contextTokens)];
  const { planned } = (await bench([...words, ...options])) as { planned: MemoryPlan };
  return { stated: named.bytes, planned: planned.total + 2 ** 26 };
}

// With every position of every layer, Gemma would take 0.8 GB more.
test.each([
  ['medgemma-1.5-4b', 8192],
  ['medgemma-1.5-4b', 32_768],
  ['qwen3-4b', 8192],
  ['biomistral-7b', 4096],
] as const)('%s with %i tokens takes about what its headers say', async (id, contextTokens) => {
  for (const precision of ['f16', 'q8'] as const) {
    const { stated, planned } = await bytesOfText(id, precision, contextTokens);
    expect(Math.abs(stated / planned - 1), precision).toBeLessThan(0.04);
  }
});

test('none is named that is no smaller than the file, none that finds no room, and none of sizes that are not stated', () => {
  const wanted = { precision: 'f16', contextTokens: 2048 } as const;
  expect(quantisationForRoom(pmcLlama, 1e12, wanted, null)?.quantisation).toBe('Q4_0');
  expect(quantisationForRoom(pmcLlama, 4e9, wanted, null)).toBeUndefined();
  const { states: _, ...unknown } = pmcLlama;
  expect(quantisationForRoom(unknown, 1e12, wanted, null)).toBeUndefined();
});

test('a shorter conversation leaves room for more bits', () => {
  const named = (contextTokens: number) =>
    quantisationForRoom(pmcLlama, 7.5e9, { precision: 'f16', contextTokens }, null)?.quantisation;
  expect(named(2048)).toBe('Q2_K');
  expect(named(1024)).toBe('Q3_K_M');
  // Beyond what the model was trained for nothing is kept.
  expect(named(65_536)).toBe('Q2_K');
});
