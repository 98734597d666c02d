import { memo } from 'react';
import type { Message } from '../../client/index.ts';
import { MessageBoundary } from '../errors/message-boundary.tsx';
import { PrintedOrigin } from '../print/printed-frame.tsx';
import { AnswerMessage } from './answer-message.tsx';
import { UserMessage } from './user-message.tsx';

interface MessageRowProps {
  message: Message;
  /** Its number in the conversation, from 1, of so many. */
  number: number;
  count: number;
  /** What has changed of the model before it. */
  change: string | undefined;
  versionIndex: number;
  versionCount: number;
  isWriting: boolean;
  isLast: boolean;
}

/** A message in its place. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, number, count, change, versionIndex, versionCount, isWriting, isLast } = props;
  return (
    <li data-message={message.id} aria-posinset={number} aria-setsize={count}>
      {change && <p className="model-change">{change}</p>}
      <PrintedOrigin message={message} />
      <MessageBoundary message={message}>
        {message.role === 'user' ? (
          <UserMessage message={message} versionIndex={versionIndex} versionCount={versionCount} />
        ) : (
          <AnswerMessage
            answer={message}
            versionIndex={versionIndex}
            versionCount={versionCount}
            isWriting={isWriting}
            isLast={isLast}
          />
        )}
      </MessageBoundary>
    </li>
  );
});
