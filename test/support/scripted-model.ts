import type { Candidates, LanguageModel } from '../../src/engine/models/language-model.ts';
import { KvCache } from '../../src/engine/models/tensors/kv-cache.ts';
import type { Tokenizer } from '../../src/engine/tokenizer/tokenizer.ts';

/** A language model without a device: after each position comes the token that a script has for it. */
export interface ScriptedModel {
  model: LanguageModel;
  /** Steps that were submitted and whose choice nobody has read yet. */
  unread(): number;
  /** Greedy steps submitted in all. */
  submitted(): number;
}

/** @param tokenAt the token at a position of the conversation, prompt and answer counted together */
export function scriptModel(
  tokenizer: Tokenizer,
  tokenAt: (position: number) => number,
  contextTokens = 4096,
): ScriptedModel {
  const cache = Object.assign(Object.create(KvCache.prototype) as KvCache, { keys: [] as number[] });
  let unread = 0;
  let submitted = 0;
  const choiceAt = (position: number) => {
    unread++;
    return async () => {
      unread--;
      return tokenAt(position);
    };
  };
  const candidatesAt = (position: number) => async (): Promise<Candidates> => ({
    ids: Uint32Array.of(tokenAt(position)),
    logits: Float32Array.of(1),
  });
  const scripted: Partial<LanguageModel> = {
    tokenizer,
    cache,
    chunkTokens: 128,
    contextTokens,
    config: { vocabulary: tokenizer.vocabularySize, name: 'scripted' } as LanguageModel['config'],
    settle: () => Promise.resolve(),
    submitTokens: (ids, _head, _runs, keys = ids) => void cache.keys.push(...keys),
    submitArgmax: () => choiceAt(cache.keys.length),
    submitGreedyStep(position) {
      submitted++;
      return choiceAt(position + 1);
    },
    readCandidates: () => candidatesAt(cache.keys.length)(),
    submitSampledStep(id) {
      cache.keys.push(id);
      return candidatesAt(cache.keys.length);
    },
  };
  return { model: scripted as LanguageModel, unread: () => unread, submitted: () => submitted };
}
