/** Tokens that make a passage. Repeats of a shorter one are repeats of the passage of several of it: 3 times 12 are 36. */
export const shortestPassage = 30;
/** The longest that is looked for: about a page. What repeats in longer turns ends at the answer limit. */
export const longestPassage = 1024;
/** How often in a row it is written before the answer is a loop. */
const timesInARow = 3;
/**
 * A passage of fewer different tokens is what tables, forms and lists of the same unit are made of (`| 5 mg | 5 mg |`, an
 * empty row, a rule) and may well stand three times in a row...
 */
const fewestDifferent = 8;
/** ... but not for as many tokens as this. */
export const longestFilling = 512;

/**
 * Notices that an answer only repeats itself: its last tokens are one passage, token for token, three times in a row. What
 * changes a number each time (numbered lists, doses by day) is never that.
 *
 * For each length of a passage it keeps how many of the last tokens are the same as those one length before; a new token
 * lengthens or ends each of these runs, so a token costs one comparison a length and nothing is searched again.
 */
export class RepetitionDetector {
  /** What it has looked at since it began: tokens compared, and tokens of passages counted. */
  comparisons = 0;
  readonly #ids: number[] = [];
  /** By length: last tokens that are the same as those that many tokens before. */
  readonly #runs = new Int32Array(longestPassage + 1);

  /** @returns whether the answer is a loop with this token, the next of it */
  push(id: number): boolean {
    const ids = this.#ids;
    const count = ids.push(id);
    // The longest that repeats, which remains of them, has all that the shorter ones have in it.
    let passage = 0;
    for (let length = shortestPassage; length <= longestPassage && length < count; length++) {
      const run = id === ids[count - 1 - length] ? this.#runs[length]! + 1 : 0;
      this.#runs[length] = run;
      if (run >= (timesInARow - 1) * length) passage = length;
      this.comparisons++;
    }
    if (passage === 0) return false;
    this.comparisons += passage;
    const isFilling = new Set(ids.slice(-passage)).size < fewestDifferent;
    return !isFilling || this.#runs[passage]! + passage >= longestFilling;
  }
}
