import { NextIcon, PreviousIcon } from '../controls/icons.tsx';
import { useApp, useChat } from '../state/app-context.tsx';

interface BranchSwitcherProps {
  messageId: string;
  index: number;
  count: number;
  of: 'question' | 'answer';
}

/** ‹ 2/3 › between the versions of a question or an answer. */
export function BranchSwitcher({ messageId, index, count, of }: BranchSwitcherProps) {
  const { chatController } = useApp();
  const isBusy = useChat(state => state.run !== null);
  if (count < 2) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls
    <div className="branches" role="group" aria-label={`Versions of this ${of}`}>
      <button
        type="button"
        className="icon-button"
        aria-label={`Previous ${of}`}
        disabled={index === 0 || isBusy}
        onClick={() => void chatController.switchBranch(messageId, -1)}
      >
        <PreviousIcon size={16} />
      </button>
      <span className="branch-count">
        <span className="visually-hidden">Version </span>
        {index + 1}/{count}
      </span>
      <button
        type="button"
        className="icon-button"
        aria-label={`Next ${of}`}
        disabled={index === count - 1 || isBusy}
        onClick={() => void chatController.switchBranch(messageId, 1)}
      >
        <NextIcon size={16} />
      </button>
    </div>
  );
}
