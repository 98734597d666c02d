/** Positions that follow one another, of one picture whose tokens see each other in both directions. */
export interface PictureSpan {
  first: number;
  tokens: number;
}

/** The first of `pictures` of which some positions are before `position`, but not all. */
export function pictureBegunBefore(
  pictures: readonly PictureSpan[],
  position: number,
): PictureSpan | undefined {
  return pictures.find(({ first, tokens }) => position > first && position < first + tokens);
}

/** Tokens of a step from `start` on: a picture whole, or the text up to the next one. */
export function tokensOfStep(pictures: readonly PictureSpan[], start: number, most: number): number {
  const here = pictures.find(({ first }) => first === start);
  if (here) return here.tokens;
  const next = pictures.find(({ first }) => first > start);
  return next ? Math.min(most, next.first - start) : most;
}
