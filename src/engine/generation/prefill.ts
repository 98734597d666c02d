import type { LanguageModel } from '../models/language-model.ts';
import type { ReadPrompt } from '../models/read-prompt.ts';
import { featureRuns, type Prompt } from './prompt.ts';

export interface PrefillOptions {
  signal?: AbortSignal;
  onPrefill?: (done: number, total: number) => void;
}

/** Reads what of the prompt is not in the cache. What a stop leaves half done never was in it. */
export async function prefill(
  model: LanguageModel,
  prompt: Prompt,
  { signal, onPrefill }: PrefillOptions,
): Promise<'aborted' | undefined> {
  const { length } = prompt.ids;
  const onDone = (until: number) => onPrefill?.(until, length);
  const isRead = await model.readPrompt(readOf(model, prompt), { signal, onDone });
  if (!isRead) return 'aborted';
  onPrefill?.(length, length);
  return undefined;
}

/** A prompt as the model reads it. */
export function readOf({ vision }: Pick<LanguageModel, 'vision'>, prompt: Prompt): ReadPrompt {
  const { ids, keys } = prompt;
  const runs = (start: number, tokens: number) => featureRuns(prompt, start, tokens);
  const pictures = vision?.config.kind === 'siglip' ? picturesOf(prompt) : undefined;
  return { ids, keys, runs, pictures };
}

function picturesOf({ images }: Prompt) {
  return images.map(({ first, rows }) => ({ first, tokens: rows.length }));
}
