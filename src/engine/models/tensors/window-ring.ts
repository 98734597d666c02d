import { pagePositions } from '../../kernels/cache-format.ts';

/** Longer steps go through `WindowSteps`. More than are ever computed in vain: steps in flight, tokens of a draft. */
export const mostRingTokens = 64;

/** Pages in which a step of so many tokens finds all that its first token sees, wherever in a page it begins. */
export function windowPages(window: number, mostTokens: number): number {
  return Math.ceil((window - 1 + mostTokens) / pagePositions);
}

/**
 * What layers that see a window of the last positions keep of a sequence: a ring of pages, in which page p of the sequence lies at
 * p mod `pages`. Positions are counted as in the other layers, and keys are rotated by them; kernels find a key through the table of
 * pages and read none outside the window, so they need not know of the ring.
 *
 * Position k is written over by position k + 64 `pages`. Where a sequence goes back so far that its window is no longer there,
 * nothing of it can be used again: what would make those keys anew are older ones, which are gone as well.
 */
export class WindowRing {
  readonly pages: number;
  readonly #window: number;
  /** Of the sequence, nothing before this position is there. */
  #firstHeld = 0;

  /** @param window keys that a position sees, its own included */
  constructor(window: number, pages: number) {
    this.#window = window;
    this.pages = pages;
  }

  /** A step writes these positions, a long one the rest of its last page as well. */
  noteStep(position: number, tokens: number): void {
    const end = position + tokens;
    const written = tokens > mostRingTokens ? Math.ceil(end / pagePositions) * pagePositions : end;
    this.#firstHeld = Math.max(this.#firstHeld, written - this.pages * pagePositions);
  }

  /** Whether what a token at `position` sees of the positions before it is there. */
  holdsWindowOf(position: number): boolean {
    return Math.max(0, position + 1 - this.#window) >= this.#firstHeld;
  }

  /** A sequence begins. */
  clear(): void {
    this.#firstHeld = 0;
  }
}

/** [page of a sequence] -> page of a ring of so many. */
export function ringTable(pages: number, count: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: count }, (_, page) => page % pages);
}
