/** What a model makes of what was written: how likely it finds each token of an answer, or each letter of a question's options. */
import { BedsideError } from '../../engine/errors.ts';
import { composePrompt, noImages } from '../../engine/generation/compose-prompt.ts';
import { type Prompt, textPrompt } from '../../engine/generation/prompt.ts';
import { scoreLetters, scoreTokens } from '../../engine/generation/score-tokens.ts';
import type { LanguageModel } from '../../engine/models/language-model.ts';
import { sentence } from '../../engine/sentence.ts';
import type { KeptFeatures } from '../../imaging/kept-features.ts';
import { openSource, type RenderInput } from './answer-about-images.ts';
import type {
  LetterScores,
  ScoreLettersRequest,
  ScoreTokensRequest,
  TokenScores,
} from './engine-messages.ts';
import type { ScoringEvents } from './model-host.ts';

/** @throws `aborted`, what composing a prompt and `scoreTokens` throw */
export async function scoreTokensOf(
  model: LanguageModel,
  { ids, ...asked }: ScoreTokensRequest,
  events: ScoringEvents,
  render: RenderInput,
  kept?: KeptFeatures,
): Promise<TokenScores> {
  const prompt = await promptOf(model, asked, events, render, kept);
  return { tokens: await scoreTokens(model, prompt, ids, events) };
}

/** @throws `aborted`, what composing a prompt and `scoreLetters` throw */
export async function scoreLettersOf(
  model: LanguageModel,
  { letters, ...asked }: ScoreLettersRequest,
  events: ScoringEvents,
  render: RenderInput,
  kept?: KeptFeatures,
): Promise<LetterScores> {
  const prompt = await promptOf(model, asked, events, render, kept);
  return { letters: await scoreLetters(model, prompt, letters, events) };
}

/** What was read, where that was text; a prompt with images is made again, because its rows are not kept as ids. */
async function promptOf(
  model: LanguageModel,
  { request, promptIds }: Pick<ScoreTokensRequest, 'request'> & { promptIds?: readonly number[] },
  events: ScoringEvents,
  render: RenderInput,
  kept?: KeptFeatures,
): Promise<Prompt> {
  const { images = [], tiling, ...question } = request;
  if (promptIds && images.length === 0) return textPrompt(promptIds);
  const source = images.length > 0 ? openSource(model, images, tiling, events, render, kept) : undefined;
  const whole = { ...question, date: question.date ?? Date.now() };
  const signal = events.signal ? { signal: events.signal } : {};
  const { prompt } = await composePrompt(model, whole, source ?? noImages, signal);
  if (!promptIds || isEqual(prompt.ids, promptIds)) return prompt;
  throw new BedsideError(
    'invalid-request',
    sentence`scored-prompt-differs: The prompt of this answer cannot be made again as it was, so its words cannot be scored.`,
    'Its images, or how they are read, have changed since. Ask again, and score the new answer.',
  );
}

const isEqual = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((id, place) => id === b[place]);
