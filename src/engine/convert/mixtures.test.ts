/**
 * SmolLM2-135M, its weights made wide and quantised again, has the bytes of the file that llama.cpp writes of the same weights in the
 * same kind; and so its perplexity.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataFile, fixture, readJson } from '../../../test/support/data.ts';
import { runsAllCases } from '../../../test/support/gpu.ts';
import { requantiseTensor } from '../../../test/support/requantise-gguf.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { type GgufFile, parseGguf } from '../formats/gguf.ts';
import { readLlamaConfig } from '../models/llama/llama-config.ts';
import { loadGroupSearch } from '../quant/vector-search.ts';
import type { Quantisation } from '../types/quantisation.ts';
import { encodeWeights } from './encode-weights.ts';
import { quantisedTensors } from './quantised-tensors.ts';

const path = dataFile('testdata/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');
const { kinds } = readJson<{ kinds: Record<Quantisation, Record<string, string>> }>(
  fixture('golden/golden-smollm2-bytes.json'),
);

// Two layers, of which a mixture gives the first more bits; BEDSIDE_ALL_CASES=1 has all, and the embedding.
const isAsked = (group: string) => runsAllCases() || group === 'blk.0' || group === 'blk.4';
const groupOf = (name: string) => /^blk\.\d+/.exec(name)?.[0] ?? name;
const patienceMs = 600_000;

describe.skipIf(!path)('SmolLM2, quantised again (needs BEDSIDE_DATA)', () => {
  let bytes: Uint8Array;
  let file: GgufFile;
  beforeAll(async () => {
    bytes = readFileSync(path!);
    file = await parseGguf(bytesSource(bytes));
  });

  const all = Object.keys(kinds) as Quantisation[];
  it('was quantised by llama.cpp to every kind that has a search for its scales', () => {
    expect(all).toEqual(['Q6_K', 'Q5_K_M', 'Q4_K_M', 'Q3_K_M', 'Q2_K']);
  });

  it.each(all)('%s: the bytes are those of llama.cpp', { timeout: patienceMs }, async kind => {
    const search = await loadGroupSearch();
    const tensors = quantisedTensors(file.tensors, kind, readLlamaConfig(file));
    const matrices = tensors
      .map((to, i) => ({ to, from: file.tensors[i]! }))
      .filter(({ to }) => to.shape.length > 1 && isAsked(groupOf(to.name)))
      .sort((a, b) => (a.to.name < b.to.name ? -1 : 1));
    const hashes = new Map<string, ReturnType<typeof createHash>>();
    for (const { from, to } of matrices) {
      const group = groupOf(to.name);
      const hash = hashes.get(group) ?? createHash('sha256');
      hashes.set(group, hash);
      hash.update(`${to.name} ${to.type}\n`);
      hash.update(
        await requantiseTensor(bytes, from, to, (type, weights) => encodeWeights(type, weights, search)),
      );
    }
    const found = Object.fromEntries(
      [...hashes].map(([group, hash]) => [group, hash.digest('hex').slice(0, 16)]),
    );
    expect(found).toEqual(
      Object.fromEntries(Object.entries(kinds[kind]).filter(([group]) => isAsked(group))),
    );
  });
});
