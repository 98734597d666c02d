import { brokenNumbersError } from '../device/device-errors.ts';
import { brokenId, candidateCount } from '../kernels/sample.ts';
import {
  type Candidates,
  contextFullError,
  type LanguageModel,
  stepsInFlight,
} from '../models/language-model.ts';
import { createSampler, type Sampler } from '../sampling/sampler.ts';
import type { StopReason, Usage } from '../types/answer.ts';
import type { SamplingSettings } from '../types/sampling.ts';
import { featureRuns, type Prompt } from './prompt.ts';
import type { RepetitionDetector } from './repetition-detector.ts';

export interface GenerateOptions {
  sampling: SamplingSettings;
  maxTokens: number;
  /** Tokens of this answer that are part of the prompt: each has taken its number from the seeded generator. */
  drawsBefore?: number;
  /** Ids that end the answer; they are not part of it. */
  stopIds: ReadonlySet<number>;
  /** `performance.now()` when the question came; the time to the first token counts from then. Default: now. */
  startedAt?: number;
  signal?: AbortSignal;
  onPrefill?: (done: number, total: number) => void;
  /** Called for each token in order; returning false ends the answer (a stop string). */
  onToken?: (id: number) => boolean;
  /** Sees each token and ends the answer where it is a loop. Default: an answer may repeat itself. */
  repetition?: RepetitionDetector;
}

export interface Generated {
  ids: number[];
  stopReason: StopReason;
  usage: Usage;
}

/**
 * Continues a prompt. Tokens whose keys and values are still in the cache are not computed again. When it returns, the cache
 * holds exactly the tokens that were fed, so the next turn can reuse them; when it throws, none.
 * @throws `context-full` when the prompt leaves no room, `device-lost`, `gpu-error`
 */
export async function generateTokens(
  model: LanguageModel,
  prompt: Prompt,
  options: GenerateOptions,
): Promise<Generated> {
  const started = performance.now();
  const { ids } = prompt;
  const room = model.contextTokens - ids.length;
  if (room < 1) throw contextFullError(model.contextTokens, ids.length);
  const run = new Run(model, options, Math.min(options.maxTokens, room));
  const cachedTokens = model.cache.sharedPrefix(prompt.keys);
  model.cache.truncate(cachedTokens);

  let stopReason: StopReason | undefined;
  let prefillMs = 0;
  try {
    stopReason = await prefill(model, prompt, options);
    prefillMs = performance.now() - started;
    if (!stopReason) {
      const sampler = createSampler(options.sampling, options.drawsBefore);
      const greedy = options.sampling.temperature === 0 && options.sampling.repetitionPenalty === 1;
      stopReason = await (greedy ? run.greedy(prompt) : run.sampled(prompt, sampler));
    }
  } catch (error) {
    // Keys and values may be as broken as the logits were: the next try must not build on them.
    model.cache.truncate(0);
    throw error;
  }
  if (stopReason === 'max-tokens' && run.limit < options.maxTokens) stopReason = 'context-full';
  const decodeMs = run.lastTokenAt - run.firstTokenAt;
  return {
    ids: run.tokens,
    stopReason,
    usage: {
      promptTokens: ids.length,
      cachedTokens,
      generatedTokens: run.tokens.length,
      prefillMs,
      timeToFirstTokenMs: run.firstTokenAt ? run.firstTokenAt - (options.startedAt ?? started) : 0,
      decodeMs,
      tokensPerSecond: run.steps > 1 && decodeMs > 0 ? ((run.steps - 1) * 1000) / decodeMs : 0,
    },
  };
}

/** Chunks, one submit each, waiting in between so that the page can draw and a stop is heard. */
async function prefill(
  model: LanguageModel,
  prompt: Prompt,
  { signal, onPrefill }: GenerateOptions,
): Promise<StopReason | undefined> {
  const { ids, keys } = prompt;
  for (let start = model.cache.keys.length; start < ids.length; start += model.chunkTokens) {
    if (signal?.aborted) return 'aborted';
    onPrefill?.(start, ids.length);
    const chunk = ids.slice(start, start + model.chunkTokens);
    const end = start + chunk.length;
    const runs = featureRuns(prompt, start, chunk.length);
    model.submitTokens(chunk, end === ids.length, runs, keys.slice(start, end));
    await model.settle();
  }
  onPrefill?.(ids.length, ids.length);
  return undefined;
}

/** The state of one answer while its tokens are chosen. */
class Run {
  readonly tokens: number[] = [];
  firstTokenAt = 0;
  lastTokenAt = 0;
  /** Tokens chosen, the stop token included: what the speed is measured over. */
  steps = 0;

  constructor(
    readonly model: LanguageModel,
    readonly options: GenerateOptions,
    readonly limit: number,
  ) {}

  /**
   * The GPU chooses each token and feeds it to the next step itself, so several steps are in flight and the host only
   * looks on. Steps submitted after what turns out to be the end are dropped.
   */
  async greedy(prompt: Prompt): Promise<StopReason> {
    const { model, options } = this;
    const pending = [model.submitArgmax()];
    let submitted = 1;
    let reason: StopReason | undefined;
    try {
      while (!reason) {
        while (submitted < this.limit && pending.length < stepsInFlight) {
          pending.push(model.submitGreedyStep(prompt.ids.length + submitted - 1));
          submitted++;
        }
        const id = await pending.shift()!();
        reason = options.signal?.aborted ? 'aborted' : this.#take(id);
      }
    } finally {
      // Every slot of the readback ring must be free again, whatever happened.
      await Promise.allSettled(pending.map(read => read()));
      model.cache.keys = [...prompt.keys, ...this.tokens.slice(0, submitted - 1)];
    }
    return reason;
  }

  /** The host chooses each token from the most likely ones (1 KiB) or, where that is not enough, from all logits. */
  async sampled(prompt: Prompt, sampler: Sampler): Promise<StopReason> {
    const { model, options } = this;
    const { repetitionWindow } = options.sampling;
    let read: (() => Promise<Candidates>) | undefined;
    for (;;) {
      const recent = lastOf([...prompt.ids, ...this.tokens], repetitionWindow);
      let candidates: Candidates | undefined;
      if (sampler.mayTakeCandidates(candidateCount, recent)) {
        candidates = await (read ? read() : model.readCandidates());
        if (candidates.ids[0] === brokenId) throw brokenNumbersError();
      }
      const id =
        candidates && sampler.areEnough(candidates, recent)
          ? sampler.sampleCandidates(candidates, recent)
          : sampler.sample(await model.readLogits(), recent);
      if (options.signal?.aborted) return 'aborted';
      const reason = this.#take(id);
      if (reason) return reason;
      const next = lastOf([...recent, id], repetitionWindow);
      if (sampler.mayTakeCandidates(candidateCount, next)) read = model.submitSampledStep(id);
      else {
        read = undefined;
        model.submitTokens([id], true);
      }
    }
  }

  #take(id: number): StopReason | undefined {
    if (id >= this.model.config.vocabulary) throw brokenNumbersError();
    this.lastTokenAt = performance.now();
    this.firstTokenAt ||= this.lastTokenAt;
    this.steps++;
    if (this.options.stopIds.has(id)) return 'end';
    this.tokens.push(id);
    if (this.options.onToken && !this.options.onToken(id)) return 'stop-string';
    if (this.options.repetition?.push(id)) return 'repetition';
    return this.tokens.length >= this.limit ? 'max-tokens' : undefined;
  }
}

function lastOf(ids: readonly number[], count: number): readonly number[] {
  return count === 0 ? [] : ids.slice(-count);
}
