/** Which neighbours of a coefficient are significant, as bits. */
export const neighbour = {
  west: 1,
  east: 2,
  north: 4,
  south: 8,
  northWest: 16,
  northEast: 32,
  southWest: 64,
  southEast: 128,
};

export const contextCount = 19;
export const signContext = 9;
export const refinementContext = 14;
export const runContext = 17;
export const uniformContext = 18;

/** The states contexts begin with (ITU-T T.800, table D.7), as state << 1. */
export function resetContexts(contexts: Uint8Array): void {
  contexts.fill(0);
  contexts[0] = 4 << 1;
  contexts[runContext] = 3 << 1;
  contexts[uniformContext] = 46 << 1;
}

/** By orientation of the subband, the context of a coefficient that is not significant yet by its neighbours (table D.1). */
export const significanceContexts: readonly Uint8Array[] = [0, 1, 2, 3].map(orientation =>
  Uint8Array.from({ length: 256 }, (_, mask) => significanceContext(orientation, mask)),
);

function significanceContext(orientation: number, mask: number): number {
  const count = (...bits: number[]) => bits.filter(bit => (mask & bit) !== 0).length;
  const across = count(neighbour.west, neighbour.east);
  const down = count(neighbour.north, neighbour.south);
  const diagonal = count(neighbour.northWest, neighbour.northEast, neighbour.southWest, neighbour.southEast);
  if (orientation === 3) {
    const beside = across + down;
    if (diagonal >= 3) return 8;
    if (diagonal === 2) return beside >= 1 ? 7 : 6;
    if (diagonal === 1) return 3 + Math.min(beside, 2);
    return Math.min(beside, 2);
  }
  const [first, second] = orientation === 1 ? [down, across] : [across, down];
  if (first === 2) return 8;
  if (first === 1) return second >= 1 ? 7 : diagonal >= 1 ? 6 : 5;
  if (second > 0) return 2 + second;
  return Math.min(diagonal, 2);
}

/**
 * By (across + 1) * 3 + down + 1, which say whether the neighbours beside and above or below are positive (1), negative (-1) or
 * neither: the sign's context << 1, and whether it is flipped (table D.3).
 */
export const signContexts = Uint8Array.from({ length: 9 }, (_, i) => {
  const [across, down] = [Math.floor(i / 3) - 1, (i % 3) - 1];
  const isFlipped = across < 0 || (across === 0 && down < 0);
  const [first, second] = isFlipped ? [-across, -down] : [across, down];
  const context = signContext + (first === 1 ? 3 + second : second);
  return (context << 1) | (isFlipped ? 1 : 0);
});
