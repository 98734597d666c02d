import { formatCount, plural } from '../format/quantities.ts';
import type { Comparison, Difference } from '../state/chat/compare-answers.ts';

/** What was otherwise when the answer was written, and can make sums come out a little otherwise, or the words. */
export const differenceWords: Readonly<Record<Difference, string>> = {
  version: 'It was written by another version of Bedside.',
  weights: 'The files of the model are not known to be the same.',
  device: 'Another device, or another number of threads, computed it.',
  precision: 'The model kept the conversation in memory with another precision.',
  kernels: 'Other kernels computed it: they add the same numbers in another order.',
  context: 'The model was loaded for conversations of another length.',
  reused:
    'A part of its prompt was still in memory from the turn before; here all of it was read anew, in other portions.',
  continued: 'It was written in more than one go.',
};

/** One sentence of what came of it. */
export function comparisonInWords({ promptPartsAt, partsAt, tokens }: Comparison): string {
  if (promptPartsAt !== null) {
    return `Not comparable: the prompt is another one from token ${formatCount(promptPartsAt + 1)} on, so the model was asked something else.`;
  }
  if (partsAt === null) return `Identical: all ${plural(tokens, 'token')} came out the same.`;
  if (partsAt === 0) return 'They part at the first token.';
  const before = partsAt === 1 ? 'the one' : `the ${formatCount(partsAt)}`;
  return `They part at token ${formatCount(partsAt + 1)}: ${before} before it came out the same.`;
}

/** What follows from it, and what does not. */
export function meaningInWords({ promptPartsAt, partsAt, differences }: Comparison): string {
  if (promptPartsAt !== null) {
    return 'Something that the prompt is made of has changed since.';
  }
  if (partsAt === null) {
    return 'The record suffices to compute this answer again on this device. That says nothing of whether it is right.';
  }
  if (differences.length === 0) {
    return 'Nothing that is recorded differs. Where two words are nearly equally likely, sums taken in another order can choose the other.';
  }
  return 'What differs may be why; which of it was is not known. Where two words are nearly equally likely, the least difference chooses the other.';
}

/** Both texts, each in what they share and what follows. Not within a character of two code units. */
export function partingOf({ recorded, computed }: Pick<Comparison, 'recorded' | 'computed'>): {
  shared: string;
  recorded: string;
  computed: string;
} {
  const shared: string[] = [];
  const [a, b] = [Array.from(recorded), Array.from(computed)];
  for (let at = 0; at < a.length && a[at] === b[at]; at++) shared.push(a[at]!);
  const length = shared.join('').length;
  return { shared: shared.join(''), recorded: recorded.slice(length), computed: computed.slice(length) };
}
