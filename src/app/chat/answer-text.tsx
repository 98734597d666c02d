import { useMemo } from 'react';
import { type Message, readThought, textWithPlaces, withoutOpenTag } from '../../client/index.ts';
import { useImagesToPointAt } from '../images/use-images-to-point-at.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { SourceSummary } from '../sources/source-summary.tsx';
import { useJudgement } from '../sources/use-judgement.ts';
import { useChat } from '../state/app-context.tsx';
import { foundIn } from '../state/images/answer-places.ts';
import { StreamingAnswer } from './streaming-answer.tsx';
import { ThoughtFold } from './thought-fold.tsx';

interface AnswerTextProps {
  /** While it is written, what has come since it was stored is in the run. */
  answer: Message;
  isWriting: boolean;
}

/**
 * What was thought, folded, and the answer, with words for the places that it names in a picture. The only component that renders for
 * every batch of tokens.
 */
export function AnswerText({ answer: message, isWriting }: AnswerTextProps) {
  const stored = message.text;
  const running = useChat(({ run }) => (isWriting ? (run?.text ?? '') : null));
  const text = running ?? stored;
  const [image] = useImagesToPointAt(message);
  const { thought, answer, isOpen, wasCut } = useMemo(
    () => readThought(text, { isGrowing: isWriting }),
    [text, isWriting],
  );
  const shown = useMemo(() => {
    if (!image) return answer;
    const whole = isWriting ? withoutOpenTag(answer) : answer;
    return textWithPlaces(whole, foundIn(whole, image));
  }, [answer, image, isWriting]);
  const judged = useJudgement(message, shown, isWriting);
  return (
    <>
      {thought !== null && <ThoughtFold thought={thought} isGrowing={isWriting && isOpen} wasCut={wasCut} />}
      {isWriting ? (
        <StreamingAnswer text={shown} />
      ) : (
        answer && <Markdown text={shown} marks={judged?.marks} />
      )}
      {judged && <SourceSummary judgement={judged.judgement} />}
      {!isWriting && isOpen && (
        <p className="ending">The model stopped while it was thinking. There is no answer.</p>
      )}
    </>
  );
}
