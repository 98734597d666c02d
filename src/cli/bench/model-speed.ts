import { allRows, type Prompt, textPrompt } from '../../engine/generation/prompt.ts';
import type { LanguageModel } from '../../engine/loading/load-model.ts';
import { rateOf, type Spread, spreadOf } from '../../engine/timing/statistics.ts';
import { feed, noiseTiles, sampleIds } from './feed-model.ts';

/** Text around an image. */
export const questionTokens = 64;

/** What a user waits for after a prompt of `tokens`. */
export interface ContextSpeed {
  tokens: number;
  prefillTokensPerSecond: Spread;
  /** From the first submit to the id of the first token. */
  firstTokenMs: Spread;
  /** A token, averaged over each run's; steps are submitted ahead as when answering. */
  decodeMs: Spread;
  decodeTokensPerSecond: Spread;
  samples: ContextSamples;
}

/** Milliseconds, one figure a run. */
export interface ContextSamples {
  prefillMs: number[];
  firstTokenMs: number[];
  /** Of a token, averaged over the run's. */
  decodeMs: number[];
}

export interface ImageSpeed {
  tiles: number;
  visualTokens: number;
  promptTokens: number;
  encodeMs: Spread;
  /** Encoding, then reading the prompt with the image in it, to the id of the first token. */
  firstTokenMs: Spread;
}

export async function measureContext(
  model: LanguageModel,
  tokens: number,
  decode: number,
  repeat: number,
): Promise<ContextSpeed> {
  const samples = await sampleContext(model, tokens, decode, repeat);
  const each = spreadOf(samples.decodeMs);
  return {
    tokens,
    prefillTokensPerSecond: rateOf(tokens * 1000, spreadOf(samples.prefillMs)),
    firstTokenMs: spreadOf(samples.firstTokenMs),
    decodeMs: each,
    decodeTokensPerSecond: rateOf(1000, each),
    samples,
  };
}

/** Reads a prompt of `tokens` and answers with `decode` tokens, `repeat` times. */
export async function sampleContext(
  model: LanguageModel,
  tokens: number,
  decode: number,
  repeat: number,
): Promise<ContextSamples> {
  const prompt = textPrompt(sampleIds(model.config.vocabulary, tokens));
  const prefillMs: number[] = [];
  const firstTokenMs: number[] = [];
  const decodeMs: number[] = [];
  // One run more than asked for: the first warms up and is not counted.
  for (let i = 0; i <= repeat; i++) {
    const started = performance.now();
    await feed(model, prompt);
    const fed = performance.now();
    model.stepsInFlight.begin();
    await model.submitArgmax()();
    model.stepsInFlight.noteRead();
    const first = performance.now();
    const msPerToken = await decodeMsPerToken(model, tokens, decode);
    if (i === 0) continue;
    prefillMs.push(fed - started);
    firstTokenMs.push(first - started);
    decodeMs.push(msPerToken);
  }
  return { prefillMs, firstTokenMs, decodeMs };
}

/** Milliseconds a token. Single arrivals would not do: some drivers report several steps done at once. */
async function decodeMsPerToken(model: LanguageModel, position: number, count: number): Promise<number> {
  const started = performance.now();
  const pending: (() => Promise<number>)[] = [];
  for (let token = 0; token < count; token++) {
    pending.push(model.submitGreedyStep(position + token));
    while (pending.length >= model.stepsInFlight.count) {
      await pending.shift()!();
      model.stepsInFlight.noteRead();
    }
  }
  for (const read of pending) await read();
  return (performance.now() - started) / count;
}

/** A question about one image of so many tiles, without earlier turns. */
export async function measureImage(model: LanguageModel, tiles: number, repeat: number): Promise<ImageSpeed> {
  const encoder = model.vision!;
  const images = noiseTiles(encoder.config, tiles);
  const visualTokens = tiles * encoder.config.tokensPerTile;
  const before = questionTokens / 2;
  const ids = sampleIds(model.config.vocabulary, visualTokens + questionTokens);
  const encodeMs: number[] = [];
  const firstTokenMs: number[] = [];
  // The first run warms up, as above.
  for (let i = 0; i <= repeat; i++) {
    const started = performance.now();
    const features = await encoder.encode(images);
    const encoded = performance.now();
    const prompt: Prompt = {
      ids,
      keys: ids,
      images: [{ first: before, features, views: [], rows: allRows(features) }],
    };
    await feed(model, prompt);
    await model.submitArgmax()();
    const first = performance.now();
    encoder.release(features);
    if (i === 0) continue;
    encodeMs.push(encoded - started);
    firstTokenMs.push(first - started);
  }
  return {
    tiles,
    visualTokens,
    promptTokens: ids.length,
    encodeMs: spreadOf(encodeMs),
    firstTokenMs: spreadOf(firstTokenMs),
  };
}
