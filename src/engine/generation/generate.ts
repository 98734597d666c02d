import { mayDraw } from '../kernels/draw.ts';
import { contextFullError } from '../models/check-step.ts';
import type { LanguageModel } from '../models/language-model.ts';
import { createSampler } from '../sampling/sampler.ts';
import { validateSampling } from '../sampling/validate-sampling.ts';
import type { StopReason, Usage } from '../types/answer.ts';
import type { SamplingSettings } from '../types/sampling.ts';
import { AnswerRun } from './answer-run.ts';
import { chooseOnDevice } from './choose-on-device.ts';
import { chooseOnHost } from './choose-on-host.ts';
import { type ChoosingBy, draftsFor } from './drafts.ts';
import { drawOnDevice } from './draw-on-device.ts';
import type { GenerateOptions } from './generate-options.ts';
import { prefill } from './prefill.ts';
import type { Prompt } from './prompt.ts';

export interface Generated {
  ids: number[];
  stopReason: StopReason;
  usage: Usage;
}

/**
 * Continues a prompt. Tokens whose keys and values are still in the cache are not computed again. When it returns, the cache
 * holds the tokens that were fed and whose step is known to be done, so the next turn can reuse them; when it throws, none.
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
  validateSampling(options.sampling);
  const by = choosingBy(options.sampling);
  const drafts = draftsFor(model, prompt.keys, by, options.drafting);
  const run = new AnswerRun(model, options, Math.min(options.maxTokens, room), drafts);
  const cachedTokens = model.cache.sharedPrefix(prompt.keys);
  model.cache.truncate(cachedTokens);

  let stopReason: StopReason | undefined;
  let prefillMs = 0;
  try {
    stopReason = await prefill(model, prompt, options);
    prefillMs = performance.now() - started;
    if (!stopReason) {
      stopReason = await chooseTokens(run, prompt, by);
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
      tokensPerStep: run.modelSteps > 0 ? (run.steps - 1) / run.modelSteps : 1,
    },
  };
}

function choosingBy(sampling: SamplingSettings): ChoosingBy {
  if (sampling.temperature === 0 && sampling.repetitionPenalty === 1) return 'argmax';
  return mayDraw(sampling) ? 'draw' : 'host';
}

function chooseTokens(run: AnswerRun, prompt: Prompt, by: ChoosingBy): Promise<StopReason> {
  const { sampling, drawsBefore } = run.options;
  if (by === 'argmax') return chooseOnDevice(run, prompt);
  if (by === 'draw') return drawOnDevice(run, prompt);
  return chooseOnHost(run, prompt, createSampler(sampling, drawsBefore));
}
