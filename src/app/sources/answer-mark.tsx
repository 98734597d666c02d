import { hasPages } from '../../client/index.ts';
import type { Passage } from '../quoting/find-passage.ts';
import type { Mark } from '../quoting/judge-answer.ts';
import { useApp } from '../state/app-context.tsx';

/** Between the words of an answer; what it shows is drawn by the style sheet, so that it is never copied as the model's words. */
export function AnswerMark({ mark }: { mark: Mark }) {
  switch (mark.kind) {
    case 'memory':
      return (
        <span
          className="source-mark memory"
          role="img"
          aria-label="From the model’s memory"
          title="From the model’s memory"
        />
      );
    case 'reference':
      return (
        <span
          className="source-mark chip"
          role="img"
          aria-label="Unverified reference"
          title="A reference that is in no text here. Models make up references."
          data-words="unverified"
        />
      );
    case 'quoted':
      return (
        <PassageButton passage={mark.passage} className="source-mark quoted" words={placeOf(mark.passage)} />
      );
    case 'number':
      return (
        <PassageButton
          passage={mark.passage}
          className="source-mark chip number"
          words={mark.words}
          isShown
        />
      );
  }
}

interface PassageButtonProps {
  passage: Passage;
  className: string;
  words: string;
  isShown?: boolean;
}

function PassageButton({ passage, className, words, isShown = false }: PassageButtonProps) {
  const { ui } = useApp();
  const { source, part, start, end } = passage;
  return (
    <button
      type="button"
      className={className}
      aria-label={`${words} Show it.`}
      title={words}
      {...(isShown ? { 'data-words': words } : {})}
      onClick={() => ui.getState().openDialog({ kind: 'source', source, passage: { part, start, end } })}
    />
  );
}

const placeOf = ({ source, part }: Passage): string =>
  `In your text: ${source.name}${hasPages(source) ? `, page ${part}` : ''}.`;
