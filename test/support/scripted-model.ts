import type { DraftSteps } from '../../src/engine/models/draft-steps.ts';
import type { LanguageModel } from '../../src/engine/models/language-model.ts';
import { StepsInFlight } from '../../src/engine/models/pace/steps-in-flight.ts';
import { KvCache } from '../../src/engine/models/tensors/kv-cache.ts';
import type { Candidates } from '../../src/engine/models/token-choice.ts';
import type { Tokenizer } from '../../src/engine/tokenizer/tokenizer.ts';

/** A language model without a device: after each position comes the token that a script has for it. */
export interface ScriptedModel {
  model: LanguageModel;
  /** Steps that were submitted and whose choice nobody has read yet. */
  unread(): number;
  /** Steps of one token submitted in all. */
  submitted(): number;
  /** Of each step that verified a draft, the tokens it was given. */
  drafted: readonly (readonly number[])[];
}

/**
 * @param tokenAt the token at a position of the conversation, prompt and answer counted together
 * @param mayDraft whether it verifies drafts, too
 */
export function scriptModel(
  tokenizer: Tokenizer,
  tokenAt: (position: number) => number,
  contextTokens = 4096,
  mayDraft = false,
): ScriptedModel {
  const cache = Object.assign(Object.create(KvCache.prototype) as KvCache, { keys: [] as number[] });
  let unread = 0;
  let submitted = 0;
  let draftAt = 0;
  const drafted: (readonly number[])[] = [];
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
  const submitDraft: DraftSteps['submit'] = (position, ids) => {
    if (position + ids.length > contextTokens) throw new RangeError('past the last position');
    drafted.push(ids);
    draftAt = position;
    unread++;
    return async () => {
      unread--;
      return Uint32Array.from(ids, (_, row) => tokenAt(position + row + 1));
    };
  };
  /** So that it is the only token that may be chosen. */
  const logitsAt = async (position: number) => {
    const logits = new Float32Array(tokenizer.vocabularySize).fill(-1000);
    const token = tokenAt(position);
    logits[token < logits.length ? token : 0] = token < logits.length ? 1 : Number.NaN;
    return logits;
  };
  const draftSteps: Pick<DraftSteps, 'submit' | 'submitDrawn' | 'readLogits'> = {
    submit: submitDraft,
    submitDrawn: submitDraft,
    readLogits: row => logitsAt(draftAt + row + 1),
  };
  const scripted: Partial<LanguageModel> = {
    tokenizer,
    cache,
    chunkTokens: 128,
    mayDraft,
    contextTokens,
    config: { vocabulary: tokenizer.vocabularySize, name: 'scripted' } as LanguageModel['config'],
    abandon: () => undefined,
    // A device that takes no time: the count stays as it began.
    stepsInFlight: new StepsInFlight(() => 0),
    async readPrompt({ keys }, { signal, onDone } = {}) {
      if (signal?.aborted) return false;
      onDone?.(cache.keys.length);
      cache.keys = [...keys];
      return true;
    },
    submitTokens(ids) {
      submitted++;
      cache.keys.push(...ids);
    },
    submitArgmax: () => choiceAt(cache.keys.length),
    submitGreedyStep(position) {
      submitted++;
      return choiceAt(position + 1);
    },
    draftSteps: draftSteps as DraftSteps,
    readLogits: () => logitsAt(cache.keys.length),
    beginDrawing: () => undefined,
    submitDraw: () => choiceAt(cache.keys.length),
    submitDrawnStep(position) {
      submitted++;
      return choiceAt(position + 1);
    },
    readCandidates: () => candidatesAt(cache.keys.length)(),
    submitSampledStep(id) {
      cache.keys.push(id);
      return candidatesAt(cache.keys.length);
    },
  };
  return { model: scripted as LanguageModel, unread: () => unread, submitted: () => submitted, drafted };
}
