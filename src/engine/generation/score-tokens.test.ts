import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledModel, dataFile, fixture, readJson } from '../../../test/support/data.ts';
import { openProcessor } from '../../../test/support/processor.ts';
import type { EngineDevice } from '../device/device.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { type LanguageModel, loadModel } from '../loading/load-model.ts';
import { textPrompt } from './prompt.ts';
import { scoreLetters, scoreTokens } from './score-tokens.ts';

/** From all logits, in f64 and by the definition. */
function byDefinition(logits: Float32Array, id: number) {
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit);
  const rank = 1 + logits.filter(logit => logit > logits[id]!).length;
  return { logProbability: Math.log(Math.exp(logits[id]!) / sum), rank };
}

const byRank = (logits: Float32Array) =>
  Array.from(logits, (logit, id) => ({ logit, id })).sort((a, b) => b.logit - a.logit || a.id - b.id);

interface Passage {
  text: { ids: number[]; next_token_nll: number[] };
  cases: { ids: number[]; greedy: number[]; greedy_gap: number[] }[];
}

interface Exam {
  cases: { ids: number[]; letters: { label: string; either: number }[]; share: number[] }[];
}

describe('scores of nano-chat', { timeout: 300_000 }, () => {
  let device: EngineDevice;
  let model: LanguageModel;
  beforeAll(async () => {
    device = await openProcessor(1);
    const options = { precision: 'f32', contextTokens: 512 } as const;
    model = await loadModel(device, bytesSource(readFileSync(bundledModel)), options);
  }, 300_000);
  afterAll(() => device?.destroy());

  const ask = () =>
    readJson<{ cases: { ids: number[]; greedy: number[] }[] }>(fixture('golden/golden-nano-chat-q8_0.json'))
      .cases[1]!;

  it('are those of its logits, at every place, whatever is in the cache', async () => {
    const { ids, greedy } = ask();
    const { vocabulary } = model.config;
    const all = await model.logitsOfAll([...ids, ...greedy]);
    for (const cached of ['whole', 'none'] as const) {
      if (cached === 'none') model.cache.truncate(0);
      const done: number[] = [];
      const scores = await scoreTokens(model, textPrompt(ids), greedy, { onScored: at => done.push(at) });
      expect(scores.map(({ id }) => id)).toEqual(greedy);
      expect(done[0]).toBe(1);
      expect(done.at(-1)).toBe(greedy.length);
      for (const [place, score] of scores.entries()) {
        const row = (ids.length + place - 1) * vocabulary;
        const logits = all.subarray(row, row + vocabulary);
        const expected = byDefinition(logits, score.id);
        expect(score.logProbability).toBeCloseTo(expected.logProbability, 3);
        expect(score.rank).toBe(expected.rank);
        const others = byRank(logits).filter(({ id }) => id !== score.id);
        for (const [at, other] of score.others.entries())
          expect(other.logProbability).toBeCloseTo(byDefinition(logits, others[at]!.id).logProbability, 3);
        expect(score.others).toHaveLength(3);
      }
      expect(scores.map(({ text }) => text).join('')).toBe(model.tokenizer.decode(greedy));
      // The next turn goes on from there; the last token was never fed.
      expect(model.cache.keys).toEqual([...ids, ...greedy.slice(0, -1)]);
    }
  });

  it.each([0, 1, 2, 8, 9, 10])('%i tokens are that many', async count => {
    const { ids, greedy } = ask();
    const scores = await scoreTokens(model, textPrompt(ids), greedy.slice(0, count));
    expect(scores).toHaveLength(count);
  });

  it('hears a stop, and leaves a cache that can be built on', async () => {
    const { ids, greedy } = ask();
    const before = await scoreTokens(model, textPrompt(ids), greedy);
    const stop = new AbortController();
    const stopped = scoreTokens(model, textPrompt(ids), greedy, {
      signal: stop.signal,
      onScored: done => done > 8 && stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect(await scoreTokens(model, textPrompt(ids), greedy)).toEqual(before);
  });

  it('refuses what does not fit', async () => {
    const { ids } = ask();
    const long = Array.from({ length: 512 }, () => 5);
    await expect(scoreTokens(model, textPrompt(ids), long)).rejects.toMatchObject({ code: 'context-full' });
  });

  const exam = dataFile('testdata/exam/likelihood.json');
  it.skipIf(!exam)(
    'letters have the likelihoods of another implementation (needs BEDSIDE_DATA)',
    async () => {
      for (const { ids, letters, share } of readJson<Exam>(exam!).cases) {
        const found = await scoreLetters(
          model,
          textPrompt(ids),
          letters.map(({ label }) => label),
        );
        for (const [place, { either }] of letters.entries())
          expect(Math.abs(found[place]!.logProbability - either)).toBeLessThanOrEqual(1e-3);
        const all = found.reduce((sum, { logProbability }) => sum + Math.exp(logProbability), 0);
        const shares = found.map(({ logProbability }) => Math.exp(logProbability) / all);
        for (const [place, expected] of share.entries()) expect(shares[place]).toBeCloseTo(expected, 3);
      }
    },
  );
});

const smol = dataFile('testdata/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');
describe.skipIf(!smol)('scores of SmolLM2 (needs BEDSIDE_DATA)', { timeout: 300_000 }, () => {
  it('are the likelihoods and the gaps that transformers computes', async () => {
    const golden = readJson<Passage>(dataFile('testdata/smollm2/golden.json')!);
    const device = await openProcessor(1);
    const options = { precision: 'f32', contextTokens: 1024 } as const;
    const model = await loadModel(device, bytesSource(readFileSync(smol!)), options);
    const ids = golden.text.ids.slice(0, 97);
    const expected = golden.text.next_token_nll.slice(0, 96);
    const scores = await scoreTokens(model, textPrompt(ids.slice(0, 1)), ids.slice(1));
    expect(scores).toHaveLength(expected.length);
    const off = scores.map(({ logProbability }, at) => Math.abs(-logProbability - expected[at]!));
    expect(Math.max(...off)).toBeLessThanOrEqual(0.02);
    const [{ ids: prompt, greedy, greedy_gap: gaps }] = golden.cases as [Passage['cases'][number]];
    const written = await scoreTokens(model, textPrompt(prompt), greedy.slice(0, gaps.length));
    for (const [at, gap] of gaps.entries()) {
      const { logProbability, others, rank } = written[at]!;
      expect(rank).toBe(1);
      expect(Math.abs(logProbability - others[0]!.logProbability - gap)).toBeLessThanOrEqual(0.03);
    }
    device.destroy();
  });
});
