/** Of a token, in nats, in f64. */
export function negativeLogLikelihood(logits: Float32Array, id: number): number {
  const largest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return largest + Math.log(sum) - logits[id]!;
}

export function perplexityOf(nll: readonly number[]): number {
  return Math.exp(nll.reduce((sum, value) => sum + value, 0) / nll.length);
}
