import { useState } from 'react';
import { plural } from '../format/quantities.ts';
import { Markdown, StreamingMarkdown } from '../markdown/markdown.tsx';

interface ThoughtFoldProps {
  thought: string;
  isGrowing: boolean;
  /** It was closed because it had reached its limit. */
  wasCut: boolean;
}

/** What the model wrote to itself: closed until the reader opens it, and open from then on, also when the answer has come. */
export function ThoughtFold({ thought, isGrowing, wasCut }: ThoughtFoldProps) {
  const [isOpen, setOpen] = useState(false);
  const length = plural(thought.split(/\s+/).filter(Boolean).length, 'word');
  return (
    <details className="thought" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        {isGrowing ? `Thinking, ${length} so far` : `Thought before the answer, ${length}`}
        {wasCut && ', closed at the limit for thinking'}
      </summary>
      {isOpen && (
        <div className="thought-text">
          <p className="muted">
            What the model wrote to itself. It is no part of the answer and may be wrong.
          </p>
          {isGrowing ? <StreamingMarkdown text={thought} /> : <Markdown text={thought} />}
        </div>
      )}
    </details>
  );
}
