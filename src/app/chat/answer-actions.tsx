import type { Message } from '../../client/index.ts';
import { CopyButton } from '../shell/copy-button.tsx';
import { ContinueIcon, RegenerateIcon } from '../shell/icons.tsx';
import type { AnswerStatus } from '../state/answer-status.ts';
import { useApp, useChat, useModel } from '../state/app-context.tsx';
import { BranchSwitcher } from './branch-switcher.tsx';

interface AnswerActionsProps {
  answer: Message;
  status: AnswerStatus;
  versionIndex: number;
  versionCount: number;
  isLast: boolean;
}

export function AnswerActions({ answer, status, versionIndex, versionCount, isLast }: AnswerActionsProps) {
  const { chatController } = useApp();
  const isBusy = useChat(state => state.run !== null);
  // Another model would go on from words that are not its own; in another tab the answer may still be growing.
  const isSameModel = useModel(({ entry }) => !answer.model || answer.model === entry?.name);
  const isElsewhere = useModel(({ phase }) => phase === 'elsewhere');
  const wasCutOff = status !== 'complete' || answer.stopReason === 'max-tokens';
  return (
    <div className="message-actions">
      <BranchSwitcher messageId={answer.id} index={versionIndex} count={versionCount} of="answer" />
      {answer.text && <CopyButton text={answer.text} label="Copy answer" />}
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
