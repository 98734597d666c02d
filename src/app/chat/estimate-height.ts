import type { Message } from '../../client/index.ts';

/** Of the column of the chat at its usual width: what an estimate may be wrong about is made up for when the message is built. */
const charactersALine = 78;
const usualWidthPx = 736;
const linePx = 26;
const imagePx = 180;
/** Marks, actions and the notes under an answer, and the space after each. */
const framePx = { user: 108, assistant: 174 };

/** Of the column in a list of a width, both in pixels: the usual one where the width is not known yet. */
export const columnWidth = (widthPx: number): number => Math.min(widthPx || usualWidthPx, usualWidthPx);

/** How high a message is thought to be before it was ever built, in a column of a width, both in pixels. */
export function estimateHeight({ text, role, images = [] }: Message, widthPx = usualWidthPx): number {
  const characters = Math.max(20, (charactersALine * columnWidth(widthPx)) / usualWidthPx);
  let lines = 0;
  let from = 0;
  while (from <= text.length) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    lines += Math.max(1, Math.ceil((to - from) / characters));
    from = to + 1;
  }
  return framePx[role] + lines * linePx + (images.length > 0 ? imagePx : 0);
}
