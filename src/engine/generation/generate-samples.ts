import { waitUnlessAborted } from '../device/abandon.ts';
import { BedsideError } from '../errors.ts';
import { contextFullError } from '../models/check-step.ts';
import { type LanguageModel, mostSequences } from '../models/language-model.ts';
import { createSampler, type Sampler } from '../sampling/sampler.ts';
import { sentence } from '../sentence.ts';
import type { StopReason, Usage } from '../types/answer.ts';
import { AnswerRun } from './answer-run.ts';
import type { GenerateOptions } from './generate-options.ts';
import { prefill } from './prefill.ts';
import type { Prompt } from './prompt.ts';
import type { RepetitionDetector } from './repetition-detector.ts';

export interface SampleOptions
  extends Pick<GenerateOptions, 'sampling' | 'maxTokens' | 'stopIds' | 'startedAt' | 'signal' | 'onPrefill'> {
  /** One for each sample, in place of the seed of `sampling`. */
  seeds: readonly number[];
  /** Called for each token of a sample in order; returning false ends that sample (a stop string). */
  onToken?: (sample: number, id: number) => boolean;
  /** Of each sample: see GenerateOptions. */
  repetition?: () => RepetitionDetector;
}

export interface Sample {
  ids: number[];
  stopReason: StopReason;
}

export interface GeneratedSamples {
  /** In the order of the seeds. */
  samples: Sample[];
  /** Of all together: `tokensPerSecond` and `tokensPerStep` count the tokens of every sample. */
  usage: Usage;
}

/** A sample that is being written. */
interface Writing {
  sample: number;
  run: AnswerRun;
  sampler: Sampler;
}

/**
 * Continues a prompt several times at once, with a seed each. It is read once, its full pages in the cache are shared, and each step
 * computes one token of every sample that has not ended. Each sample is what `generateTokens` writes with its seed, up to the
 * order of sums. The cache holds the prompt afterwards; when it throws, nothing.
 * @throws `invalid-request` for more samples than the model takes, `context-full` where they do not fit, `out-of-memory`, `device-lost`, `gpu-error`
 */
export async function generateSamples(
  model: LanguageModel,
  prompt: Prompt,
  options: SampleOptions,
): Promise<GeneratedSamples> {
  const { seeds, signal } = options;
  const started = performance.now();
  requireRoom(model, prompt.ids.length, options);
  const room = model.contextTokens - prompt.ids.length;
  const limit = Math.min(options.maxTokens, room);
  const cachedTokens = model.cache.sharedPrefix(prompt.keys);
  model.cache.truncate(cachedTokens);
  const runs = seeds.map((_, sample) => {
    const onToken = options.onToken && ((id: number) => options.onToken!(sample, id));
    const repetition = options.repetition?.();
    return new AnswerRun(model, { ...options, onToken, repetition } as GenerateOptions, limit);
  });
  const reasons: (StopReason | undefined)[] = seeds.map(() => undefined);
  let prefillMs = 0;
  let steps = 0;
  try {
    const stopped = await prefill(model, prompt, options);
    prefillMs = performance.now() - started;
    if (stopped) reasons.fill(stopped);
    else steps = await writeAll();
  } catch (error) {
    model.cache.truncate(0);
    throw error;
  }
  const firstTokenAt = Math.min(...runs.map(run => run.firstTokenAt));
  const decodeMs = Math.max(...runs.map(run => run.lastTokenAt)) - firstTokenAt;
  const later = runs.reduce((sum, run) => sum + Math.max(0, run.steps - 1), 0);
  const isFull = limit < options.maxTokens;
  return {
    samples: runs.map(({ tokens }, sample) => {
      const reason = reasons[sample] ?? 'aborted';
      return { ids: tokens, stopReason: reason === 'max-tokens' && isFull ? 'context-full' : reason };
    }),
    usage: {
      promptTokens: prompt.ids.length,
      cachedTokens,
      generatedTokens: runs.reduce((sum, { tokens }) => sum + tokens.length, 0),
      prefillMs,
      timeToFirstTokenMs: firstTokenAt ? firstTokenAt - (options.startedAt ?? started) : 0,
      decodeMs,
      tokensPerSecond: later > 0 && decodeMs > 0 ? (later * 1000) / decodeMs : 0,
      tokensPerStep: steps > 0 ? later / steps : 1,
    },
  };

  /** @returns steps of the model */
  async function writeAll(): Promise<number> {
    const { sampling } = options;
    const first = await waitUnlessAborted(model, signal, () => model.readLogits());
    let writing = runs.map((run, sample): Writing => {
      return { sample, run, sampler: createSampler({ ...sampling, seed: seeds[sample]! }) };
    });
    writing = take(writing, () => first);
    if (writing.length === 0 || signal?.aborted) return 0;
    const sequences = await model.openSequences(writing.length, limit - 1);
    let done = 0;
    try {
      while (writing.length > 0) {
        const logits = await waitUnlessAborted(
          model,
          signal,
          sequences.submit(writing.map(({ run }) => run.tokens.at(-1)!)),
        );
        if (signal?.aborted) break;
        done++;
        const rows = new Map(writing.map((each, row) => [each, row * sequences.stride]));
        const left = take(writing, each => {
          const start = rows.get(each)!;
          return logits.subarray(start, start + model.config.vocabulary);
        });
        if (left.length < writing.length) sequences.keep(left.map(each => writing.indexOf(each)));
        writing = left;
      }
    } finally {
      // What is under way reads what is given back here.
      await model.settle();
      sequences.close();
    }
    return done;
  }

  /** The next token of each; those that go on. */
  function take(writing: readonly Writing[], logitsOf: (each: Writing) => Float32Array): Writing[] {
    return writing.filter(each => {
      if (signal?.aborted) return true;
      const { run, sampler, sample } = each;
      reasons[sample] = run.take(sampler.sample(logitsOf(each), recentIds(run)));
      return reasons[sample] === undefined;
    });
  }

  function recentIds({ tokens }: AnswerRun): readonly number[] {
    const { repetitionWindow: window } = options.sampling;
    return window === 0 ? [] : [...prompt.ids.slice(-window), ...tokens].slice(-window);
  }
}

function requireRoom(model: LanguageModel, prefix: number, { seeds, maxTokens }: SampleOptions): void {
  if (seeds.length < 1 || seeds.length > mostSequences) {
    throw new BedsideError(
      'invalid-request',
      sentence`samples-out-of-range: There may be 1 to ${{ most: mostSequences }} answers at once, not ${{ samples: seeds.length }}.`,
      'Ask for fewer answers at once.',
    );
  }
  if (model.contextTokens <= prefix) throw contextFullError(model.contextTokens, prefix);
  // The last token of an answer is not fed.
  const needed = Math.min(maxTokens, model.contextTokens - prefix) - 1;
  const room = model.roomOfSequences(prefix, seeds.length);
  if (needed > room) {
    throw new BedsideError(
      'context-full',
      sentence`samples-do-not-fit: ${{ samples: seeds.length }} answers at once of up to ${{ maxTokens }} tokens do not fit behind a question of ${{ tokens: prefix }}; there is room for ${{ most: room + 1 }} tokens each.`,
      'Ask for fewer answers at once, or for shorter ones.',
    );
  }
}
