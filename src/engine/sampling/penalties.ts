/**
 * The repetition penalty of CTRL (Keskar et al. 2019, section 4.1) as Hugging Face applies it: each token seen
 * recently, once however often it was seen, has a positive logit divided by the penalty and a negative one
 * multiplied by it. Works in place. `positionOf` finds an id among the logits; undefined when it is not there.
 */
export function penalizeRepetition(
  logits: Float32Array,
  recentIds: Iterable<number>,
  penalty: number,
  positionOf: (id: number) => number | undefined,
): void {
  if (penalty === 1) return;
  for (const id of new Set(recentIds)) {
    const position = positionOf(id);
    const logit = position === undefined ? undefined : logits[position];
    if (logit === undefined) continue;
    logits[position!] = logit > 0 ? logit / penalty : logit * penalty;
  }
}
