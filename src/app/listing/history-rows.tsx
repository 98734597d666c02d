import { memo, useRef } from 'react';
import { useStore } from 'zustand';
import type { Conversation } from '../../client/index.ts';
import { useNear } from '../controls/use-near.ts';
import { ConversationItem } from './conversation-item.tsx';
import { HistoryItem } from './history-group.tsx';
import { useListing } from './listing-store.ts';

/** So many rows are built, and given up, together. */
export const rowsTogether = 12;

interface HistoryRowsProps {
  conversations: readonly Conversation[];
  /** Of the conversation that is shown, where it is one of these. */
  currentId: string | null;
}

/** Rows that follow one another. Far from what is seen they are their titles: found by the browser's search, and nearly free of cost. */
export const HistoryRows = memo(
  function HistoryRows({ conversations, currentId }: HistoryRowsProps) {
    const ref = useRef<HTMLDivElement>(null);
    const isActive = useStore(useListing(), ({ activeId }) =>
      conversations.some(({ id }) => id === activeId),
    );
    const isNear = useNear(ref, '.history', false);
    if (isNear || isActive) {
      return (
        <div ref={ref}>
          {conversations.map(conversation => (
            <ConversationItem
              key={conversation.id}
              conversation={conversation}
              isCurrent={conversation.id === currentId}
            />
          ))}
        </div>
      );
    }
    return (
      <div ref={ref} className="history-far" style={{ blockSize: `${2.25 * conversations.length}rem` }}>
        {conversations.map(({ id, title }) => (
          <HistoryItem key={id} data-id={id} dir="auto">
            {title}
          </HistoryItem>
        ))}
      </div>
    );
  },
  (before, after) =>
    before.currentId === after.currentId &&
    before.conversations.length === after.conversations.length &&
    before.conversations.every((each, index) => each === after.conversations[index]),
);
