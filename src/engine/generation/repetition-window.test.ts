import { beforeAll, expect, it } from 'vitest';
import { scriptModel } from '../../../test/support/scripted-model.ts';
import { loadNanoVocabulary } from '../../../test/support/vocabularies.ts';
import { undecidedId } from '../kernels/draw.ts';
import { candidateCount } from '../kernels/sample.ts';
import type { Candidates } from '../models/token-choice.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import { greedySampling } from '../types/sampling.ts';
import { generateTokens } from './generate.ts';
import { textPrompt } from './prompt.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = createTokenizer(await loadNanoVocabulary());
});

/** At every position 10, then 11, then 12 are the most likely tokens; halved, each is less likely than the other two. */
const candidates: Candidates = {
  ids: Uint32Array.from({ length: candidateCount }, (_, rank) => 10 + rank),
  logits: Float32Array.from({ length: candidateCount }, (_, rank) => [4, 3, 2.5][rank] ?? 0.5 - rank / 1000),
};

it.each<[number, number[], number[]]>([
  [0, [], [10, 10, 10, 10, 10, 10]],
  [1, [], [10, 11, 10, 11, 10, 11]],
  [2, [], [10, 11, 12, 10, 11, 12]],
  // What was asked counts as what was answered does.
  [2, [10, 11], [12, 10, 11, 12, 10, 11]],
  [64, [10, 11, 12], [10, 10, 10, 10, 10, 10]],
])('the penalty looks back on the last %d tokens', async (repetitionWindow, asked, expected) => {
  const { model } = scriptModel(tokenizer, () => 0);
  // Every token is left to the host.
  model.submitDraw = () => async () => undecidedId;
  model.submitDrawnStep = () => async () => undecidedId;
  model.readCandidates = async () => candidates;
  model.submitSampledStep = id => {
    model.cache.keys.push(id);
    return async () => candidates;
  };
  const sampling = { ...greedySampling, repetitionPenalty: 2, repetitionWindow };
  const { ids } = await generateTokens(model, textPrompt([1, ...asked]), {
    sampling,
    maxTokens: 6,
    stopIds: new Set(),
  });
  expect(ids).toEqual(expected);
});
