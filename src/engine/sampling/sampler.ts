import { BedsideError } from '../errors.ts';
import { Random } from '../random.ts';
import { sentence } from '../sentence.ts';
import type { SamplingSettings } from '../types/sampling.ts';
import { filterMinP, filterTopP, type Ranking, rankTop, sum, weigh } from './filters.ts';
import { penalizeRepetition } from './penalties.ts';
import { validateSampling } from './validate-sampling.ts';

/** The most likely tokens of a position, as a device picked them: logits falling, ties with the lowest id first. */
export interface Candidates {
  ids: Uint32Array | readonly number[];
  logits: Float32Array;
}

export interface Sampler {
  /**
   * Chooses a token from every logit [vocabulary] f32, which are left as they are. `recentIds` are the tokens that
   * the repetition penalty looks at. Throws `gpu-error` when a logit is not a finite number.
   */
  sample(logits: Float32Array, recentIds: readonly number[]): number;
  /**
   * The same choice from a device's most likely tokens alone. Throws `internal` where they are not enough, since the choice
   * could then differ.
   */
  sampleCandidates(candidates: Candidates, recentIds: readonly number[]): number;
  /**
   * How many candidates stand for all logits; undefined when only all of them do (no top-k, or a penalty below 1,
   * which lifts tokens that no candidate list need hold). A penalty above 1 can push every recent token out of the
   * top k, so as many more are needed.
   */
  candidatesNeeded(recentIds: readonly number[]): number | undefined;
  /** Whether so many candidates may stand for all logits; with min-p alone they do where its cut falls among them. */
  mayTakeCandidates(count: number, recentIds: readonly number[]): boolean;
  /** Whether these do, so that `sampleCandidates` chooses what `sample` would of all logits. */
  areEnough(candidates: Candidates, recentIds: readonly number[]): boolean;
}

/**
 * The order is Hugging Face's: repetition penalty, temperature, top-k, top-p, min-p, one multinomial draw. At
 * temperature 0 the penalty is followed by argmax, ties to the lowest id. Of tokens tied at the k-th place the
 * lowest ids stay, so that exactly k do (Hugging Face keeps all of them). Each draw takes one float of the seeded
 * generator, each greedy choice none; `drawsBefore` were taken already, by an answer that goes on. Throws `invalid-request`
 * for settings out of range.
 */
export function createSampler(settings: SamplingSettings, drawsBefore = 0): Sampler {
  validateSampling(settings);
  const { temperature, topK, topP, minP, repetitionPenalty, seed } = settings;
  const random = new Random(seed);
  for (let draw = 0; draw < drawsBefore; draw++) random.nextFloat();
  const kept = temperature === 0 ? 1 : topK;
  /** What remains is above a share of the best, however much there is below. */
  const isCutByMinP = kept === 0 && topP === 1 && minP > 0;

  function chooseRanked({ ids, logits }: Ranking): number {
    if (temperature === 0) return ids[0]!;
    const weights = weigh(logits, logits[0]!, temperature);
    if (topP < 1) filterTopP(weights, topP, sum(weights));
    return ids[draw(weights)]!;
  }

  /** Top-p over the whole vocabulary: ranks only as far as the nucleus goes, which is rarely far. */
  function chooseFromNucleus(logits: Float32Array): number {
    const total = sum(weigh(logits, rankTop(logits, 1).logits[0]!, temperature));
    for (let count = 256; ; count *= 8) {
      const ranking = rankTop(logits, count);
      const weights = weigh(ranking.logits, ranking.logits[0]!, temperature);
      if (filterTopP(weights, topP, total) || count >= logits.length) return ranking.ids[draw(weights)]!;
    }
  }

  /** Min-p over the whole vocabulary: ranks only as far as its cut, so that the draw is that of candidates. */
  function chooseAboveMinP(logits: Float32Array): number {
    for (let count = 256; ; count *= 8) {
      const ranking = rankTop(logits, count);
      const weights = weigh(ranking.logits, ranking.logits[0]!, temperature);
      if (weights.at(-1)! < minP || count >= logits.length) return ranking.ids[draw(weights)]!;
    }
  }

  function draw(weights: Float64Array): number {
    filterMinP(weights, minP);
    const target = random.nextFloat() * sum(weights);
    let reached = 0;
    let last = 0;
    for (let rank = 0; rank < weights.length; rank++) {
      if (weights[rank] === 0) continue;
      reached += weights[rank]!;
      last = rank;
      if (target < reached) break;
    }
    return last;
  }

  function candidatesNeeded(recentIds: readonly number[]): number | undefined {
    if (kept === 0 || repetitionPenalty < 1) return undefined;
    return repetitionPenalty === 1 ? kept : kept + new Set(recentIds).size;
  }

  function penalizeCandidates({ ids, logits }: Candidates, recentIds: readonly number[]): Float32Array {
    const penalized = logits.slice();
    const positions = new Map(Array.from(ids, (id, position) => [id, position]));
    penalizeRepetition(penalized, recentIds, repetitionPenalty, id => positions.get(id));
    return penalized;
  }

  /** A penalty above 1 lowers what is not among them as well: no logit there is above the last candidate's. */
  function holdCutOfMinP(candidates: Candidates, recentIds: readonly number[]): boolean {
    const { logits } = candidates;
    if (!isCutByMinP || repetitionPenalty < 1 || logits.length === 0) return false;
    const best = rankTop(penalizeCandidates(candidates, recentIds), 1).logits[0]!;
    return weigh(logits.subarray(-1), best, temperature)[0]! < minP;
  }

  function areEnough(candidates: Candidates, recentIds: readonly number[]): boolean {
    const needed = candidatesNeeded(recentIds);
    return needed === undefined ? holdCutOfMinP(candidates, recentIds) : candidates.ids.length >= needed;
  }

  return {
    sample(logits, recentIds) {
      requireFinite(logits);
      const penalized = repetitionPenalty === 1 ? logits : logits.slice();
      penalizeRepetition(penalized, recentIds, repetitionPenalty, id => id);
      if (kept > 0) return chooseRanked(rankTop(penalized, kept));
      if (topP < 1) return chooseFromNucleus(penalized);
      if (isCutByMinP) return chooseAboveMinP(penalized);
      return draw(weigh(penalized, rankTop(penalized, 1).logits[0]!, temperature));
    },
    sampleCandidates(candidates, recentIds) {
      const { ids, logits } = candidates;
      requireFinite(logits);
      if (!areEnough(candidates, recentIds)) {
        throw new BedsideError(
          'internal',
          sentence`too-few-candidates: ${{ candidates: ids.length }} candidates are not enough to choose a token with these settings.`,
          'Try again; if it happens again, go back to the default sampling settings.',
        );
      }
      return chooseRanked(rankTop(penalizeCandidates(candidates, recentIds), kept || ids.length, ids));
    },
    mayTakeCandidates(count, recentIds) {
      const needed = candidatesNeeded(recentIds);
      return needed === undefined ? isCutByMinP && repetitionPenalty >= 1 : needed <= count;
    },
    areEnough,
    candidatesNeeded,
  };
}

function requireFinite(logits: Float32Array): void {
  if (logits.length > 0 && logits.every(Number.isFinite)) return;
  throw new BedsideError(
    'gpu-error',
    sentence`logits-are-not-numbers: The model produced numbers that are not numbers, so this answer was stopped.`,
    'Try again. If it happens again, reload the page, or update the browser and the graphics driver.',
  );
}
