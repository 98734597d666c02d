import { MergeQueue } from './merge-queue.ts';

/**
 * Byte-pair merging, shared by SentencePiece BPE (priority: the merged piece's score) and byte-level BPE
 * (priority: minus the merge's rank): while any neighbouring pair may merge, the one of highest priority does, the
 * leftmost of equals. O(n log n): pairs wait in a heap, and a pair one of whose symbols has changed meanwhile is
 * dropped when it comes up.
 *
 * `starts` are the symbols' offsets in the text, in order; `textEnd` is where the last one ends.
 * `priorityOf(start, middle, end)` is NaN when text[start, middle) and text[middle, end) do not merge.
 * Returns the offsets at which the merged symbols start.
 */
export function mergeSymbols(
  starts: readonly number[],
  textEnd: number,
  priorityOf: (start: number, middle: number, end: number) => number,
): number[] {
  const count = starts.length;
  if (count < 2) return [...starts];
  const ends = Int32Array.from(starts, (_, index) => starts[index + 1] ?? textEnd);
  const previous = Int32Array.from(starts, (_, index) => index - 1);
  const next = Int32Array.from(starts, (_, index) => index + 1);
  const isGone = new Uint8Array(count);
  const queue = new MergeQueue();
  const offer = (left: number, right: number) => {
    const end = ends[right]!;
    const priority = priorityOf(starts[left]!, starts[right]!, end);
    if (!Number.isNaN(priority)) queue.push({ priority, left, right, end });
  };

  for (let right = 1; right < count; right++) offer(right - 1, right);
  for (let pair = queue.pop(); pair !== undefined; pair = queue.pop()) {
    const { left, right, end } = pair;
    // A left symbol that has grown has swallowed this right one, so three checks cover every change.
    if (isGone[left] || isGone[right] || ends[right] !== end) continue;
    ends[left] = end;
    isGone[right] = 1;
    const after = next[right]!;
    next[left] = after;
    if (after < count) {
      previous[after] = left;
      offer(left, after);
    }
    if (previous[left]! >= 0) offer(previous[left]!, left);
  }
  return starts.filter((_, index) => !isGone[index]);
}
