/** What a reader did to an answer: words that were changed by hand, and a judgement of it. */
import { count, type FieldReader, listOf, objectOf, oneOf, text, time } from './record-fields.ts';

export interface AnswerEdit {
  /** The answer that was changed, which stays beside it as it was. */
  of: string;
  editedAt: number;
  /** Length of the text as the reader left it, in UTF-16 units: what stands behind it, the model wrote afterwards. */
  length: number;
  /** Where the reader's own words stand in it: begin, and end excluded, in order. All else is the model's. */
  spans: [number, number][];
}

export const verdicts = ['correct', 'incorrect', 'unsafe'] as const;
export type Verdict = (typeof verdicts)[number];

export interface AnswerRating {
  verdict: Verdict;
  note: string;
  ratedAt: number;
}

/** Characters of a note. */
export const noteLimit = 2000;

const span: FieldReader<[number, number]> = value => {
  const [start, end, ...more] = listOf(count)(value) ?? [];
  return start !== undefined && end !== undefined && more.length === 0 && start < end
    ? [start, end]
    : undefined;
};

const readEdit = objectOf<AnswerEdit>({ of: text, editedAt: time, length: count, spans: listOf(span) }, [
  'of',
  'editedAt',
  'length',
  'spans',
]);

/** Nothing where the spans do not lie one behind the other in the text: they would say of words whose they are not. */
export const answerEdit: FieldReader<AnswerEdit> = value => {
  const edit = readEdit(value);
  const isInOrder = edit?.spans.every(
    ([start, end], at) => start >= (edit.spans[at - 1]?.[1] ?? 0) && end <= edit.length,
  );
  return isInOrder ? edit : undefined;
};

export const answerRating: FieldReader<AnswerRating> = objectOf<AnswerRating>(
  { verdict: oneOf(verdicts), note: text, ratedAt: time },
  ['verdict', 'note', 'ratedAt'],
);
