import { useMemo } from 'react';
import { readThought } from '../../client/index.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { useChat } from '../state/app-context.tsx';
import { StreamingAnswer } from './streaming-answer.tsx';
import { ThoughtFold } from './thought-fold.tsx';

interface AnswerTextProps {
  /** As it is stored; while it is written, what has come since is in the run. */
  text: string;
  isWriting: boolean;
}

/** What was thought, folded, and the answer. The only component that renders for every batch of tokens. */
export function AnswerText({ text: stored, isWriting }: AnswerTextProps) {
  const running = useChat(({ run }) => (isWriting ? (run?.text ?? '') : null));
  const text = running ?? stored;
  const { thought, answer, isOpen, wasCut } = useMemo(
    () => readThought(text, { isGrowing: isWriting }),
    [text, isWriting],
  );
  return (
    <>
      {thought !== null && <ThoughtFold thought={thought} isGrowing={isWriting && isOpen} wasCut={wasCut} />}
      {isWriting ? <StreamingAnswer text={answer} /> : answer && <Markdown text={answer} />}
      {!isWriting && isOpen && (
        <p className="ending">The model stopped while it was thinking. There is no answer.</p>
      )}
    </>
  );
}
