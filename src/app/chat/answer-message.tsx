import { memo } from 'react';
import type { Message } from '../../client/index.ts';
import { OptionComparison } from '../confidence/option-comparison.tsx';
import { UnderlinedAnswer } from '../confidence/underlined-answer.tsx';
import { LampMark } from '../controls/icons.tsx';
import { ConditionNote } from '../errors/condition-note.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { AnswerImages } from '../images/answer-images.tsx';
import { AnswerPlaces } from '../images/answer-places.tsx';
import { useDraft, useModel } from '../state/app-context.tsx';
import { statusOf } from '../state/chat/answer-status.ts';
import { isByDemonstration } from '../state/model/model-identity.ts';
import { AnswerActions } from './answer-actions.tsx';
import { AnswerFooter } from './answer-footer.tsx';
import { AnswerText } from './answer-text.tsx';
import { DemonstrationMark } from './demonstration-mark.tsx';
import { EditAnswer } from './edit-answer.tsx';

interface AnswerMessageProps {
  answer: Message;
  versionIndex: number;
  versionCount: number;
  isWriting: boolean;
  isLast: boolean;
}

export const AnswerMessage = memo(
  ({ answer, versionIndex, versionCount, isWriting, isLast }: AnswerMessageProps) => {
    const edited = useDraft(state => state.edits[answer.id]);
    const status = statusOf(answer, isWriting);
    const isDemonstration = useModel(({ catalogue }) => isByDemonstration(answer, catalogue));
    return (
      <article
        className="message message-answer"
        aria-label="Answer"
        tabIndex={-1}
        aria-busy={isWriting}
        data-status={status}
      >
        <h2 className="visually-hidden">Answer</h2>
        <div className="answer-mark">
          <LampMark size={26} />
        </div>
        <div className="answer-body">
          {isDemonstration && answer.model && <DemonstrationMark model={answer.model} />}
          {edited === undefined || isWriting ? (
            <UnderlinedAnswer answer={answer}>
              <AnswerText answer={answer} isWriting={isWriting} />
            </UnderlinedAnswer>
          ) : (
            <EditAnswer answer={answer} text={edited} />
          )}
          {status === 'stopped' && (
            <p className="ending">Stopped by you.{answer.text ? '' : ' No answer was written.'}</p>
          )}
          {status === 'unfinished' && <Unfinished />}
          {status === 'failed' && answer.error && <ErrorAlert error={answer.error} answerId={answer.id} />}
          {!isWriting && (
            <>
              <AnswerPlaces answer={answer} />
              <AnswerImages answer={answer} />
              <ConditionNote of="answer" condition={answer.condition} />
              <OptionComparison answer={answer} />
              <AnswerFooter answer={answer} />
              <AnswerActions
                answer={answer}
                isDemonstration={isDemonstration}
                status={status}
                versionIndex={versionIndex}
                versionCount={versionCount}
                isLast={isLast}
              />
            </>
          )}
        </div>
      </article>
    );
  },
);
/** Seen from a tab without the model, an answer may still grow. */
function Unfinished() {
  const isElsewhere = useModel(state => state.phase === 'elsewhere');
  return (
    <p className="ending">
      {isElsewhere
        ? 'This answer is being written in another tab, or was interrupted there.'
        : 'This answer was interrupted before it was finished.'}
    </p>
  );
}

AnswerMessage.displayName = 'AnswerMessage';
