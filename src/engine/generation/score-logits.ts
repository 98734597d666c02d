import { brokenNumbersError } from '../device/device-errors.ts';

/** Of a token, by the logits before it. */
export interface LogitScore {
  /** Natural logarithm of its probability. */
  logProbability: number;
  /** 1: no other token is likelier. */
  rank: number;
}

/**
 * Natural logarithm of the sum of e^logit: what turns a logit into the logarithm of a probability. In f64.
 * @param logits [vocabulary] f32
 * @throws `gpu-error` where one is not a number
 */
export function logSumExp(logits: Float32Array): number {
  let max = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > max) max = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - max);
  if (!Number.isFinite(sum)) throw brokenNumbersError();
  return max + Math.log(sum);
}

/** @param total of `logSumExp` */
export function scoreOf(logits: Float32Array, id: number, total: number): LogitScore {
  const own = logits[id]!;
  let rank = 1;
  for (const logit of logits) if (logit > own) rank++;
  return { logProbability: own - total, rank };
}

/** The ids of the `count` largest logits but that of `id`, largest first; of equal ones the lower id first. */
export function likeliestBut(logits: Float32Array, id: number, count: number): number[] {
  const best: number[] = [];
  for (let each = 0; each < logits.length; each++) {
    const logit = logits[each]!;
    if (each === id || (best.length === count && logit <= logits[best.at(-1)!]!)) continue;
    const at = best.findIndex(other => logits[other]! < logit);
    best.splice(at < 0 ? best.length : at, 0, each);
    if (best.length > count) best.pop();
  }
  return best;
}
