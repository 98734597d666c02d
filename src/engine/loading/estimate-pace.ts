import type { DeviceReport, ProcessorRates } from '../types/device.ts';
import type { ModelWork } from '../types/model-work.ts';

/** How an answer comes, for who reads along: `too-slow` is for nobody. From the quickest to the slowest. */
const tempi = ['comfortable', 'slow', 'too-slow'] as const;
export type Tempo = (typeof tempi)[number];

/** What is waited for on a device whose rates are known. */
export interface Pace {
  /** For a token of an answer, a short conversation before it. */
  tokenSeconds: number;
  /** Until the answer to a question of a page begins. */
  pageSeconds: number;
  tempo: Tempo;
}

/** Three words a second, about as fast as people read: what is written as quickly keeps nobody waiting. */
const comfortableTokenSeconds = 0.25;
/** Beyond this an answer of ten sentences takes ten minutes. */
export const slowestTokenSeconds = 3;

/** Of a page, about 500 words. */
const pageTokens = 650;
/** That a token of an answer looks back on: a question and some sentences. */
const usualPositions = 256;

/**
 * What is waited for with a model on this device. Null where that is not known before it is tried: of a GPU, and of a processor
 * that was not measured.
 */
export function paceOn({ processor }: Pick<DeviceReport, 'processor'>, work: ModelWork): Pace | null {
  if (!processor || !areMeasured(processor.rates)) return null;
  const tokenSeconds = secondsOfToken(work, processor.rates);
  return {
    tokenSeconds,
    pageSeconds: secondsOfPrompt(work, processor.rates, pageTokens),
    tempo: tempoOf(tokenSeconds),
  };
}

export function tempoOf(tokenSeconds: number): Tempo {
  if (tokenSeconds > slowestTokenSeconds) return 'too-slow';
  return tokenSeconds > comfortableTokenSeconds ? 'slow' : 'comfortable';
}

/** The most weights that a byte of a file can hold: in Q2_K, the densest format that is read. */
const mostWeightsPerByte = 256 / 84;

/** Whether a model whose file has so many bytes may prove slower than that, as far as its size tells. */
export function mayBeSlower(
  { processor }: Pick<DeviceReport, 'processor'>,
  bytes: number,
  accepts: Tempo,
): boolean {
  if (!processor || !areMeasured(processor.rates)) return false;
  return isSlower(tempoOf((bytes * mostWeightsPerByte) / processor.rates.weightsPerSecond), accepts);
}

export function isSlower(tempo: Tempo, accepts: Tempo): boolean {
  return tempi.indexOf(tempo) > tempi.indexOf(accepts);
}

export function areMeasured({ weightsPerSecond, multiplyAddsPerSecond }: ProcessorRates): boolean {
  return weightsPerSecond > 0 && multiplyAddsPerSecond > 0;
}

/** Of the weights that a rate was measured with. */
const measuredBytesPerWeight = 4.5 / 8;
/** As long as a number of a key or value takes, so many weights would. */
const weightsPerCached = 3.4;
/** Between two tokens: what is not arithmetic. */
const secondsBetween = 0.0002;

/**
 * A token of an answer.
 * @param positions before it
 */
export function secondsOfToken(work: ModelWork, rates: ProcessorRates, positions = usualPositions): number {
  const { layerWeights, headWeights, cached } = work;
  const read = secondsOfWeights(layerWeights + headWeights, work, rates);
  return read + (cached * positions * weightsPerCached) / rates.weightsPerSecond + secondsBetween;
}

/**
 * Weights that meet one token. Where the processor is what limits, one takes as long as another; where memory is, it goes by their
 * bytes. Which of the two is not measured, so the truth is taken to lie in the middle.
 */
function secondsOfWeights(weights: number, { bytesPerWeight }: ModelWork, rates: ProcessorRates): number {
  return (weights * Math.sqrt(bytesPerWeight / measuredBytesPerWeight)) / rates.weightsPerSecond;
}

/** From a prompt of so many tokens to the first token of its answer; each looks back on those before it. */
export function secondsOfPrompt(work: ModelWork, rates: ProcessorRates, tokens: number): number {
  const { layerWeights, headWeights, attention } = work;
  const multiplyAdds = tokens * (layerWeights + (attention * tokens) / 2);
  return multiplyAdds / rates.multiplyAddsPerSecond + secondsOfWeights(headWeights, work, rates);
}

/**
 * Until images have been looked at and read, beside a question; nothing for a model that sees none.
 * @param tokens of the prompt that the images take, those left out by compression not counted
 */
export function secondsOfImages(
  work: ModelWork,
  rates: ProcessorRates,
  { tiles, tokens }: { tiles: number; tokens: number },
): number {
  if (!work.tile) return 0;
  return (
    (tiles * work.tile.multiplyAdds) / rates.multiplyAddsPerSecond + secondsOfPrompt(work, rates, tokens)
  );
}
