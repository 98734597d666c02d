/** Tokens at the end of the text that are looked for earlier in it. */
export const shortestMatch = 2;
export const longestMatch = 4;

/** What stood after an earlier occurrence of the text's last tokens. */
export interface Draft {
  /** Tokens that may come next. */
  ids: readonly number[];
  /** Tokens that are the same here and there, at most `longestMatch`. */
  match: number;
}

/**
 * Finds what may come next in what was written before: prompt lookup (Saxena 2023; "assisted generation" of Hugging Face). Of the
 * earlier occurrences of the last tokens the longest match counts, of equally long ones the most recent.
 *
 * Each pair of tokens knows where it stood last, and each place where the same pair stood before it: a look-up follows that
 * chain, and nothing is searched again.
 */
export class PromptLookup {
  readonly #ids: number[] = [];
  /** Pair -> position of its second token, the last one. */
  readonly #last = new Map<number, number>();
  /** By position of a pair's second token: the same pair before it, or -1. */
  readonly #before: number[] = [];

  /** @param ids what is negative, as keys of an image's rows are, is neither found nor drafted */
  constructor(ids: Iterable<number> = []) {
    for (const id of ids) this.push(id);
  }

  push(id: number): void {
    const at = this.#ids.push(id) - 1;
    const pair = this.#pairAt(at);
    this.#before[at] = -1;
    if (pair === undefined) return;
    this.#before[at] = this.#last.get(pair) ?? -1;
    this.#last.set(pair, at);
  }

  /** At most `most` tokens; undefined where the end of the text stands nowhere before. */
  draft(most: number): Draft | undefined {
    const ids = this.#ids;
    const end = ids.length - 1;
    let found = -1;
    let match = 0;
    for (let at = this.#before[end] ?? -1; at >= 0 && match < longestMatch; at = this.#before[at]!) {
      let length = shortestMatch;
      while (length < longestMatch && at >= length && ids[at - length] === ids[end - length]) length++;
      if (length > match) [found, match] = [at, length];
    }
    const draft: number[] = [];
    // Where the text goes over into the draft, it repeats itself: the draft goes on in itself.
    while (found >= 0 && draft.length < most) {
      const at = found + 1 + draft.length;
      const id = at <= end ? ids[at]! : draft[at - end - 1]!;
      if (id < 0) break;
      draft.push(id);
    }
    return draft.length > 0 ? { ids: draft, match } : undefined;
  }

  #pairAt(at: number): number | undefined {
    const [first, second] = [this.#ids[at - 1] ?? -1, this.#ids[at]!];
    // Exact: a vocabulary has fewer than 2^26 tokens.
    return first < 0 || second < 0 ? undefined : first * 2 ** 26 + second;
  }
}
