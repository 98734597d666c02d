import type { LanguageModel } from '../models/language-model.ts';
import { validateSampling } from '../sampling/validate-sampling.ts';
import { createStreamingDecoder } from '../tokenizer/streaming-decoder.ts';
import type { StopReason, Usage } from '../types/answer.ts';
import type { ReadPrompt } from '../types/prompt-text.ts';
import { type AnswerEvents, requireAnswerLimit } from './answer.ts';
import type { AnswerRequest } from './answer-request.ts';
import { composePrompt, type ImageSource, noImages } from './compose-prompt.ts';
import { generateSamples } from './generate-samples.ts';
import { RepetitionDetector } from './repetition-detector.ts';
import { stopIdsFor, templateFor } from './request-template.ts';

/** One of several answers to the same question. */
export interface SampledAnswer {
  seed: number;
  text: string;
  /** Its token ids, without the stop token. */
  ids: number[];
  stopReason: StopReason;
}

export interface SampledAnswers {
  /** In the order of the seeds. */
  samples: SampledAnswer[];
  /** What the model has read before each. */
  prompt: ReadPrompt;
  contextTokens: number;
  /** Of each image in the prompt: how many of its visual tokens are in it. */
  keptTokens: ReadonlyMap<string, number>;
  /** Of all together: see GeneratedSamples. */
  usage: Usage;
  droppedMessages: number;
}

export interface SampleEvents extends Omit<AnswerEvents, 'onText'> {
  /** Text of a sample that became certain, and how many tokens it has so far. */
  onText?: (sample: number, text: string, tokens: number) => void;
}

/**
 * Answers the last message several times at once, with a seed each in place of that of the settings: each answer is what `answer`
 * writes with it. For questions whose answers are to be compared with one another.
 * @throws as `answer`, and where so many answers do not fit: see `generateSamples`
 */
export async function answerSamples(
  model: LanguageModel,
  request: Omit<AnswerRequest, 'begun' | 'drafting'>,
  seeds: readonly number[],
  events: SampleEvents = {},
  images: ImageSource = noImages,
): Promise<SampledAnswers> {
  const startedAt = performance.now();
  validateSampling(request.sampling);
  requireAnswerLimit(request.maxTokens);
  const { tokenizer } = model;
  const template = templateFor(model, request.template);
  const whole = { ...request, date: request.date ?? Date.now() };
  const { prompt, parts, opens, droppedMessages, keptTokens } = await composePrompt(
    model,
    whole,
    images,
    events,
  );
  if (request.readsAnew) model.cache.truncate(0);
  const decoders = seeds.map(() =>
    createStreamingDecoder(tokenizer, {
      stopStrings: [...template.stopStrings, ...(request.stopStrings ?? [])],
      stripLeadingSpace: tokenizer.addsSpacePrefix,
    }),
  );
  const texts = seeds.map(() => opens);
  const counts = seeds.map(() => 0);
  const { samples, usage } = await generateSamples(model, prompt, {
    sampling: request.sampling,
    seeds,
    maxTokens: request.maxTokens,
    stopIds: stopIdsFor(tokenizer, template),
    startedAt,
    ...(events.signal ? { signal: events.signal } : {}),
    ...(events.onPrefill ? { onPrefill: events.onPrefill } : {}),
    onToken(sample, id) {
      const { text, stopped } = decoders[sample]!.push(id);
      texts[sample] += text;
      counts[sample]!++;
      if (text !== '') events.onText?.(sample, text, counts[sample]!);
      return !stopped;
    },
    repetition: () => new RepetitionDetector(),
  });
  return {
    samples: samples.map((sample, i) => ({
      seed: seeds[i]!,
      text: texts[i]! + decoders[i]!.finish(),
      ...sample,
    })),
    prompt: { parts, ids: [...prompt.ids] },
    contextTokens: model.contextTokens,
    keptTokens,
    usage,
    droppedMessages,
  };
}
