import { answerOf, type Message, pathTo } from '../../client/index.ts';
import { ContinueIcon, EditIcon, RateIcon, RecordIcon, RegenerateIcon } from '../controls/icons.tsx';
import { CopyAnswer } from '../copying/copy-answer.tsx';
import { ReadAloudButton } from '../speech/read-aloud-button.tsx';
import { useApp, useChat, useModel } from '../state/app-context.tsx';
import { type AnswerStatus, canGoOn } from '../state/chat/answer-status.ts';
import { draftOf } from '../state/drafts/draft-store.ts';
import { chooseAnswerer, questionOf } from '../state/model/choose-answerer.ts';
import { hasWritten } from '../state/model/model-identity.ts';
import { AnswerMenu } from './answer-menu.tsx';
import { BranchSwitcher } from './branch-switcher.tsx';

interface AnswerActionsProps {
  answer: Message;
  isDemonstration: boolean;
  status: AnswerStatus;
  versionIndex: number;
  versionCount: number;
  isLast: boolean;
}

export function AnswerActions(props: AnswerActionsProps) {
  const { answer, isDemonstration, status, versionIndex, versionCount, isLast } = props;
  const { chatController, ui, drafts } = useApp();
  const isBusy = useChat(state => state.run !== null);
  const tree = useChat(state => state.tree);
  const wasCutOff = status !== 'complete' || canGoOn(answer.stopReason);
  // Another model would go on from words that are not its own; in another tab the answer may still be growing.
  const isSameModel = useModel(state => {
    if (!wasCutOff || !isLast || !answer.model || !answer.parentId) return true;
    const { model } = chooseAnswerer(questionOf(pathTo(tree, answer.parentId)), state);
    return model !== null && hasWritten(model, answer);
  });
  const isSaid = answerOf(answer.text) !== '';
  const isElsewhere = useModel(({ phase }) => phase === 'elsewhere');
  return (
    <div className="message-actions">
      <BranchSwitcher messageId={answer.id} index={versionIndex} count={versionCount} of="answer" />
      {isSaid && <CopyAnswer answer={answer} isDemonstration={isDemonstration} />}
      {isSaid && (
        <button
          type="button"
          className="icon-button"
          aria-label="Edit answer"
          title="Edit answer"
          disabled={isBusy}
          onClick={() => {
            const { edits } = draftOf(drafts.getState(), answer.conversationId);
            chatController.edit(answer.id, edits[answer.id] ?? answerOf(answer.text));
          }}
        >
          <EditIcon size={18} />
        </button>
      )}
      {isSaid && (
        <button
          type="button"
          className="icon-button"
          aria-label="Rate this answer"
          title="Rate this answer"
          onClick={() => ui.getState().openDialog({ kind: 'rate', answerId: answer.id })}
        >
          <RateIcon size={18} />
        </button>
      )}
      {isSaid && <ReadAloudButton answer={answer} />}
      {isSaid && (
        <button
          type="button"
          className="icon-button"
          aria-label="Record of this answer"
          title="Record of this answer"
          onClick={() => ui.getState().openDialog({ kind: 'record', answerId: answer.id })}
        >
          <RecordIcon size={18} />
        </button>
      )}
      <button
        type="button"
        className={wasCutOff && isLast ? 'text-button' : 'icon-button'}
        aria-label="Regenerate"
        title="Regenerate"
        disabled={isBusy}
        onClick={() => void chatController.regenerate(answer.id)}
      >
        <RegenerateIcon size={18} />
        {wasCutOff && isLast && 'Regenerate'}
      </button>
      {isSaid && <AnswerMenu answer={answer} isDemonstration={isDemonstration} />}
      {wasCutOff && isLast && isSameModel && !isElsewhere && (answer.text || status === 'unfinished') && (
        <button
          type="button"
          className="text-button"
          disabled={isBusy}
          onClick={() => void chatController.continueAnswer(answer.id)}
        >
          <ContinueIcon size={18} />
          Continue
        </button>
      )}
    </div>
  );
}
