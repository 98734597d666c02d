/** Tokens of a step that verifies a draft: the one chosen last, and drafted ones. */
export const draftWidths = [2, 4, 8] as const;

export type DraftWidth = (typeof draftWidths)[number];

/** A draft comes in where it is expected to be faster by this much. */
const leastGain = 1.05;
/** Of so many the median counts: one that something else delayed does not. */
const measures = 5;
/** Single steps after which a width is measured anew: what was slow once may not be. */
const forgottenAfter = 256;

/**
 * What a step costs on this device with this model, by the tokens in it, measured while answering. A width of which nothing is known
 * is taken to cost what the next narrower one does, so that it is tried once where it would pay.
 */
export class StepCosts {
  readonly #single: number[] = [];
  readonly #wide = new Map<DraftWidth, { ms: number[]; age: number }>();

  /** A token chosen by a step of its own, from one to the next. */
  noteSingle(ms: number): void {
    note(this.#single, ms);
    for (const [width, wide] of this.#wide) {
      if (++wide.age >= forgottenAfter) this.#wide.delete(width);
    }
  }

  noteWide(width: DraftWidth, ms: number): void {
    const wide = this.#wide.get(width) ?? { ms: [], age: 0 };
    this.#wide.set(width, wide);
    note(wide.ms, ms);
    wide.age = 0;
  }

  /**
   * How wide a step should be that may be up to `most` wide.
   * @param expected tokens that come of a step of a width, its own choice included
   * @returns undefined where single steps are faster, or have not been measured
   */
  widest(most: number, expected: (width: DraftWidth) => number): DraftWidth | undefined {
    if (this.#single.length < measures) return undefined;
    const single = median(this.#single);
    let cost = single;
    let best: DraftWidth | undefined;
    let gain = leastGain;
    for (const width of draftWidths) {
      if (width > most) break;
      const known = this.#wide.get(width);
      if (known) cost = median(known.ms);
      const gained = (expected(width) * single) / cost;
      if (gained > gain) [best, gain] = [width, gained];
    }
    return best;
  }
}

/** As if a step of any width cost the same: drafts whenever something may come of it. For tests and comparison. */
export class EqualCosts extends StepCosts {
  override widest(most: number, expected: (width: DraftWidth) => number): DraftWidth | undefined {
    return draftWidths.findLast(width => width <= most && expected(width) > 1);
  }
}

function note(values: number[], value: number): void {
  values.push(value);
  if (values.length > measures) values.shift();
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
