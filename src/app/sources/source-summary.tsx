import type { Judgement } from '../quoting/judge-answer.ts';

/** "4 of 7 sentences are in your text." */
export function SourceSummary({ judgement: { sentences, quoted } }: { judgement: Judgement }) {
  if (sentences === 0) return null;
  return (
    <p className="source-summary">
      <span className="source-mark quoted" aria-hidden="true" />
      {quoted} of {sentences} {sentences === 1 ? 'sentence' : 'sentences'} {quoted === 1 ? 'is' : 'are'} in
      your text.
      {quoted < sentences && (
        <>
          <span className="source-mark memory" aria-hidden="true" />
          The others are from the model’s memory.
        </>
      )}
    </p>
  );
}
