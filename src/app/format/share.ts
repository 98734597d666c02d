/** A probability as people read it: neither nothing nor certainty is claimed. */
export function formatShare(probability: number): string {
  if (probability < 0.01) return 'less than 1 %';
  if (probability > 0.99) return 'more than 99 %';
  return `${Math.round(100 * probability)} %`;
}
