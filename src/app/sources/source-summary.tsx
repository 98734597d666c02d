import type { Judgement } from '../quoting/judge-answer.ts';

/** "4 of 7 sentences are in your text." */
export function SourceSummary({ judgement: { sentences, quoted, edited } }: { judgement: Judgement }) {
  if (sentences === 0) return null;
  const others = sentences - quoted - edited;
  const isOne = quoted === 1 || sentences === 1;
  return (
    <p className="source-summary">
      <span className="source-mark quoted" aria-hidden="true" />
      {quoted} of {sentences} {sentences === 1 ? 'sentence' : 'sentences'} {isOne ? 'is' : 'are'} in your
      text.
      {edited > 0 && ` ${edited} ${edited === 1 ? 'has' : 'have'} words of yours.`}
      {others > 0 && (
        <>
          {' '}
          <span className="source-mark memory" aria-hidden="true" />
          {others === sentences ? 'All' : others === 1 ? 'The other' : 'The others'}{' '}
          {others === sentences || others === 1 ? 'is' : 'are'} from the model’s memory.
        </>
      )}
    </p>
  );
}
