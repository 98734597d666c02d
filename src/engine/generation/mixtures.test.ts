/**
 * What the formats of a conversion cost a real model: SmolLM2-135M, its weights made wide and quantised again, has on a passage the
 * perplexity of the file that llama.cpp writes of the same weights in the same kind.
 */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { dataFile, fixture, readJson } from '../../../test/support/data.ts';
import { openAnyDevice, runsAllCases } from '../../../test/support/gpu.ts';
import { negativeLogLikelihood, perplexityOf } from '../../../test/support/perplexity.ts';
import { requantiseGguf } from '../../../test/support/requantise-gguf.ts';
import { encodeWeights } from '../convert/encode-weights.ts';
import type { EngineDevice } from '../device/device.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { loadModel } from '../loading/load-model.ts';
import { loadGroupSearch } from '../quant/vector-search.ts';
import type { Quantisation } from '../types/quantisation.ts';

const file = dataFile('testdata/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');
const passageFile = dataFile('testdata/smollm2/golden.json');

/** By how many tokens are predicted; see golden-smollm2-mixtures.json for how they were made. */
interface Figures {
  perplexity: Record<Quantisation, { 96: number; 377: number }>;
}
const { perplexity } = readJson<Figures>(fixture('golden/golden-smollm2-mixtures.json'));

// Quantising 134 million weights takes seconds a kind: one of them and the passage's beginning. BEDSIDE_ALL_CASES=1 has all.
const all = Object.keys(perplexity) as Quantisation[];
const kinds = runsAllCases() ? all : (['Q4_K_M'] as const);
const patienceMs = 600_000;
const predicted = runsAllCases() ? 377 : 96;

let device: EngineDevice | undefined;
afterEach(() => device?.destroy());

describe.skipIf(!file)('SmolLM2, quantised again (needs BEDSIDE_DATA)', () => {
  const name = '%s: the perplexity is that of llama.cpp’s file';
  it.each(kinds)(name, { timeout: patienceMs }, async kind => {
    const search = await loadGroupSearch();
    const bytes = await requantiseGguf(readFileSync(file!), kind, (type, weights) =>
      encodeWeights(type, weights, search),
    );
    device = await openAnyDevice('processor');
    const model = await loadModel(device, bytesSource(bytes), { precision: 'f32', contextTokens: 512 });
    const { ids } = readJson<{ text: { ids: number[] } }>(passageFile!).text;
    const logits = await model.logitsOfAll(ids.slice(0, predicted + 1));
    const { vocabulary } = model.config;
    const nll = Array.from({ length: predicted }, (_, i) =>
      negativeLogLikelihood(logits.subarray(i * vocabulary, (i + 1) * vocabulary), ids[i + 1]!),
    );
    // The tensors have the same bytes, and both compute in 32 bits.
    expect(Math.abs(perplexityOf(nll) / perplexity[kind][predicted] - 1)).toBeLessThan(1e-4);
  });
});
