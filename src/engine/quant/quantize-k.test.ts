import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fixture, readJson } from '../../../test/support/data.ts';
import { seededRandom } from '../../../test/support/random.ts';
import { sampleTensors } from '../../../test/support/weight-statistics.ts';
import { BedsideError } from '../errors.ts';
import { GgmlType } from './block-formats.ts';
import { dequantizeTensor } from './dequantize.ts';
import type { GroupSearch } from './group-search.ts';
import { quantizeQ2_K } from './q2-k.ts';
import { quantizeQ3_K } from './q3-k.ts';
import { quantizeQ4_K } from './q4-k.ts';
import { quantizeQ5_0 } from './q5-0.ts';
import { quantizeQ5_1 } from './q5-1.ts';
import { quantizeQ5_K } from './q5-k.ts';
import { quantizeQ6_K } from './q6-k.ts';
import { scalarSearch } from './scalar-search.ts';
import { loadGroupSearch } from './vector-search.ts';

type Quantize = (values: Float32Array, search?: GroupSearch) => Uint8Array;

const withSearch = {
  Q2_K: quantizeQ2_K,
  Q3_K: quantizeQ3_K,
  Q4_K: quantizeQ4_K,
  Q5_K: quantizeQ5_K,
  Q6_K: quantizeQ6_K,
} satisfies Record<string, Quantize>;

const quantizers: Readonly<Record<string, Quantize>> = {
  ...withSearch,
  Q5_0: quantizeQ5_0,
  Q5_1: quantizeQ5_1,
};

const golden = readJson<{ tensors: Record<string, Record<string, string>> }>(
  fixture('golden/golden-quantised-tensors.json'),
);

const shortHash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** Any bits of a number that a format can store: subnormals, both zeros, far too large for their neighbours. */
function anyWeights(count: number, seed: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(seed);
  const bits = new Uint32Array(count);
  for (let at = 0; at < count; at += 64) {
    const exponent = Math.floor(146 * random());
    const spread = 1 + Math.floor(40 * random());
    // Fewer bits make ties between two levels.
    const kept = random() < 0.3 ? 0xffe00000 : 0xffffffff;
    const zeros = random() < 0.2 ? 0.7 : 0;
    for (let i = at; i < at + 64; i++) {
      const small = Math.max(0, exponent - Math.floor(spread * random()));
      const sign = random() < 0.5 ? 0 : 0x80000000;
      bits[i] = random() < zeros ? sign : (sign | (small << 23) | Math.floor(2 ** 23 * random())) & kept;
    }
  }
  return new Float32Array(bits.buffer);
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.doUnmock('../../../dist-processor/quantise.deflated?raw');
});

describe('fifty tensors of different statistics', () => {
  it.each(Object.entries(quantizers))('have in %s the bytes that llama.cpp gives them', (type, quantize) => {
    const hashes = sampleTensors().map(({ name, values }) => [name, shortHash(quantize(values))]);
    expect(hashes).toHaveLength(50);
    const expected = Object.entries(golden.tensors).map(([name, hash]) => [name, hash[type]]);
    expect(Object.fromEntries(hashes)).toEqual(Object.fromEntries(expected));
  });
});

describe('the search four groups at a time', () => {
  it.each(Object.entries(withSearch))('gives %s the bytes of the scalar one', async (_, quantize) => {
    const search = await loadGroupSearch();
    expect(search).not.toBe(scalarSearch);
    for (const { name, values } of sampleTensors())
      expect(Buffer.compare(quantize(values, search), quantize(values, scalarSearch)), name).toBe(0);
    // Several parts, the last one shorter.
    const any = anyWeights(2 * 16384 + 256 * 5, 7);
    expect(Buffer.compare(quantize(any, search), quantize(any, scalarSearch))).toBe(0);
  });

  it('is the scalar one where there is no WebAssembly', async () => {
    vi.resetModules();
    vi.stubGlobal('WebAssembly', undefined);
    const { loadGroupSearch: load } = await import('./vector-search.ts');
    const { scalarSearch: scalar } = await import('./scalar-search.ts');
    expect(await load()).toBe(scalar);
  });

  it('is the scalar one where a policy forbids to compile', async () => {
    vi.resetModules();
    vi.spyOn(WebAssembly, 'compile').mockRejectedValue(new WebAssembly.CompileError('forbidden'));
    const { loadGroupSearch: load } = await import('./vector-search.ts');
    const { scalarSearch: scalar } = await import('./scalar-search.ts');
    expect(await load()).toBe(scalar);
  });

  it('says that its module is broken', async () => {
    vi.resetModules();
    vi.doMock('../../../dist-processor/quantise.deflated?raw', () => ({
      default: deflateRawSync('no module').toString('base64'),
    }));
    const { loadGroupSearch: load } = await import('./vector-search.ts');
    await expect(load()).rejects.toThrow(WebAssembly.CompileError);
  });
});

it('each bit more halves the error at least', () => {
  const { values } = sampleTensors().find(({ name }) => name === 'a bell of 1')!;
  const errors = (['Q2_K', 'Q3_K', 'Q4_K', 'Q5_K', 'Q6_K'] as const).map(type => {
    const read = dequantizeTensor(GgmlType[type], withSearch[type](values));
    return values.reduce((sum, value, i) => sum + (read[i]! - value) ** 2, 0);
  });
  for (const [i, error] of errors.slice(1).entries()) expect(error).toBeLessThan(errors[i]! / 2);
});

it.each(Object.entries(quantizers))('%s refuses what it cannot store', (type, quantize) => {
  const codeOf = (values: Float32Array) => {
    try {
      quantize(values);
    } catch (error) {
      if (error instanceof BedsideError) return error.code;
      throw error;
    }
    return 'none';
  };
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -1e9])
    expect(codeOf(new Float32Array(256).fill(bad, 7, 8))).toBe('invalid-model');
  expect(codeOf(new Float32Array(255))).toBe('invalid-request');
  // Q5_1 stores a minimum as it is.
  expect(codeOf(new Float32Array(256).fill(-70_000))).toBe(type === 'Q5_1' ? 'invalid-model' : 'none');
});

it('what a format takes stays finite, up to the largest weight', () => {
  for (const [type, quantize] of Object.entries(quantizers)) {
    const largest = type === 'Q5_1' ? 65504 : 65504 * 8;
    const values = Float32Array.from({ length: 256 }, (_, i) => (i % 3 === 0 ? -1 : i % 2) * largest);
    const read = dequantizeTensor(GgmlType[type as keyof typeof GgmlType], quantize(values));
    expect(read.every(Number.isFinite), type).toBe(true);
  }
});
