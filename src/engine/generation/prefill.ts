import type { LanguageModel } from '../models/language-model.ts';
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
  const { ids, keys } = prompt;
  const runs = (start: number, tokens: number) => featureRuns(prompt, start, tokens);
  const onDone = (until: number) => onPrefill?.(until, ids.length);
  const pictures = model.vision?.config.kind === 'siglip' ? picturesOf(prompt) : undefined;
  const isRead = await model.readPrompt({ ids, keys, runs, pictures }, { signal, onDone });
  if (!isRead) return 'aborted';
  onPrefill?.(ids.length, ids.length);
  return undefined;
}

function picturesOf({ images }: Prompt) {
  return images.map(({ first, rows }) => ({ first, tokens: rows.length }));
}
