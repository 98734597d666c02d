import { memo, useState } from 'react';
import type { Message } from '../../client/index.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import { EditIcon } from '../controls/icons.tsx';
import { ConditionNote } from '../errors/condition-note.tsx';
import { QuestionImages } from '../images/question-images.tsx';
import { QuestionSources } from '../sources/question-sources.tsx';
import { useApp, useChat, useDraft } from '../state/app-context.tsx';
import { BranchSwitcher } from './branch-switcher.tsx';
import { EditQuestion } from './edit-question.tsx';

interface UserMessageProps {
  message: Message;
  versionIndex: number;
  versionCount: number;
}

/** What the reader asked: shown as it was typed, without Markdown. */
export const UserMessage = memo(({ message, versionIndex, versionCount }: UserMessageProps) => {
  const { chatController } = useApp();
  const edited = useDraft(state => state.edits[message.id]);
  const [wasPressed, setPressed] = useState(false);
  const isBusy = useChat(state => state.run !== null);
  return (
    <article className="message message-user" aria-label="Your question" tabIndex={-1}>
      <h2 className="visually-hidden">You</h2>
      <QuestionImages question={message} />
      <QuestionSources question={message} />
      {edited !== undefined ? (
        <EditQuestion
          messageId={message.id}
          text={edited}
          hasImages={message.images !== undefined}
          takesFocus={wasPressed}
          onChange={text => chatController.edit(message.id, text)}
          onCancel={() => chatController.dropEdit(message.id)}
          onSend={() => void chatController.editAndResend(message.id, edited)}
        />
      ) : (
        <>
          <p className="bubble" dir="auto">
            {message.text}
          </p>
          {message.task && (
            <p className="task-mark">
              From the template “{message.task.name}”, version {message.task.version}
              {message.task.isEdited && ', then changed by hand'}
            </p>
          )}
          <ConditionNote of="question" condition={message.condition} />
          <div className="message-actions">
            <BranchSwitcher messageId={message.id} index={versionIndex} count={versionCount} of="question" />
            <CopyButton text={message.text} label="Copy question" />
            <button
              type="button"
              className="icon-button"
              aria-label="Edit question"
              title="Edit question"
              disabled={isBusy}
              onClick={() => {
                setPressed(true);
                chatController.edit(message.id, message.text);
              }}
            >
              <EditIcon size={18} />
            </button>
          </div>
        </>
      )}
    </article>
  );
});
UserMessage.displayName = 'UserMessage';
