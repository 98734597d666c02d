import { memo, useRef, useState } from 'react';
import type { Message } from '../../client/index.ts';
import { useNear } from '../controls/use-near.ts';
import { MessageBoundary } from '../errors/message-boundary.tsx';
import { PrintedOrigin } from '../print/printed-frame.tsx';
import { AnswerMessage } from './answer-message.tsx';
import { estimateHeight } from './estimate-height.ts';
import { UserMessage } from './user-message.tsx';

interface MessageRowProps {
  message: Message;
  /** What has changed of the model before it. */
  change: string | undefined;
  versionIndex: number;
  versionCount: number;
  isWriting: boolean;
  isLast: boolean;
  /** It is built wherever it is: the conversation is short. */
  isKept: boolean;
  /** It is about to be shown and focused. */
  isSought: boolean;
  /** It is one of the last, from which a conversation is shown. */
  isNearAtFirst: boolean;
}

/**
 * A message in its place. Far from what is seen it is its bare text in a box of the height that it had, or is thought to have: it is
 * found by the browser's search and read by a screen reader, and costs no layout.
 */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, change, versionIndex, versionCount, isWriting, isLast, isKept, isSought, isNearAtFirst } =
    props;
  const ref = useRef<HTMLLIElement>(null);
  const height = useRef(0);
  const [wasSought, setSought] = useState(false);
  if (isSought && !wasSought) setSought(true);
  const isNear = useNear(ref, '.chat-scroll', isNearAtFirst, item => {
    height.current = item.getBoundingClientRect().height;
  });
  if (!isNear && !isKept && !wasSought && !isWriting) {
    return (
      <li
        ref={ref}
        className="message-far"
        dir="auto"
        style={{ height: height.current || estimateHeight(message) }}
      >
        {message.text}
      </li>
    );
  }
  return (
    <li ref={ref}>
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
