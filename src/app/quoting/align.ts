import type { Token } from './tokens.ts';

export interface Alignment {
  /** Share of the sentence's weight that stands in the window in the same order, 0 to 1. */
  coverage: number;
  /** Of the window, first and last token that are matched. */
  first: number;
  last: number;
  /** Tokens that are matched. */
  matched: number;
  /** The longest row of tokens that follow each other in both. */
  longestRun: number;
}

/** Long words and numbers say more of what a sentence means than short words, which every sentence has. */
export function weightOf({ kind, key }: Token): number {
  if (kind === 'number') return 1.5;
  if (kind === 'character') return 0.7;
  return key.length >= 4 ? 1 : 0.4;
}

/** The heaviest common subsequence: Wagner and Fischer (J. ACM 1974), with weights. Takes sentence times window steps. */
export function align(sentence: readonly Token[], window: readonly Token[]): Alignment | null {
  const [rows, columns] = [sentence.length, window.length];
  const width = columns + 1;
  const best = new Float32Array((rows + 1) * width);
  for (let i = 1; i <= rows; i++) {
    const token = sentence[i - 1]!;
    const weight = weightOf(token);
    for (let j = 1; j <= columns; j++) {
      const at = i * width + j;
      const skipped = Math.max(best[at - 1]!, best[at - width]!);
      const taken = token.key === window[j - 1]!.key ? best[at - width - 1]! + weight : 0;
      best[at] = Math.max(skipped, taken);
    }
  }
  return traced(sentence, window, best);
}

function traced(sentence: readonly Token[], window: readonly Token[], best: Float32Array): Alignment | null {
  const width = window.length + 1;
  const total = sentence.reduce((sum, token) => sum + weightOf(token), 0);
  let [i, j] = [sentence.length, window.length];
  let [first, last, matched, longestRun, run] = [-1, -1, 0, 0, 0];
  let before: [number, number] = [-1, -1];
  while (i > 0 && j > 0) {
    const at = i * width + j;
    if (best[at] === best[at - width]) i--;
    else if (best[at] === best[at - 1]) j--;
    else {
      [i, j] = [i - 1, j - 1];
      run = before[0] === i + 1 && before[1] === j + 1 ? run + 1 : 1;
      longestRun = Math.max(longestRun, run);
      before = [i, j];
      first = j;
      if (last < 0) last = j;
      matched++;
    }
  }
  if (matched === 0) return null;
  return { coverage: best.at(-1)! / total, first, last, matched, longestRun };
}
