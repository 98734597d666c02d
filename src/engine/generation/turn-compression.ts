import { BedsideError } from '../errors.ts';
import type { LanguageModel } from '../models/language-model.ts';
import { chooseRows } from './compress.ts';
import type { Prompt, PromptImage } from './prompt.ts';

/** Choices that are remembered for a model: a few conversations' worth. */
const remembered = 16;
const choices = new WeakMap<LanguageModel, Map<string, Uint32Array[]>>();

/**
 * The rows to keep of one turn's images, chosen by that turn's question and remembered: a follow-up question finds the
 * same rows, and with them everything before it still in the KV cache.
 * @param render the prompt that ends with the turn's question, with its images as given
 */
export async function compressedRows(
  model: LanguageModel,
  render: (images: readonly PromptImage[]) => Prompt,
  whole: readonly PromptImage[],
  events: { signal?: AbortSignal; onCompress?: (done: number, total: number) => void },
): Promise<Uint32Array[]> {
  if (whole.length === 0) return [];
  const prompt = render(whole);
  let known = choices.get(model);
  if (!known) {
    known = new Map();
    choices.set(model, known);
  }
  const key = prompt.keys.join();
  const before = known.get(key);
  if (before) return before;
  const rows: Uint32Array[] = [];
  try {
    for (const image of prompt.images.slice(-whole.length)) {
      const { signal, onCompress } = events;
      rows.push(await chooseRows(model, prompt, image, { signal, onProgress: onCompress }));
    }
  } catch (error) {
    // Scoring left the cache at what is sound, unless the numbers themselves are in doubt.
    if (!(error instanceof BedsideError && error.code === 'aborted')) model.cache.truncate(0);
    throw error;
  }
  known.set(key, rows);
  const [oldest] = known.keys();
  if (known.size > remembered) known.delete(oldest!);
  return rows;
}
