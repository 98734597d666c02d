import { useStore } from 'zustand';
import { titleFrom } from '../../client/index.ts';
import { DeleteIcon } from '../controls/icons.tsx';
import { useApp, useChat, useConversationList } from '../state/app-context.tsx';
import type { Draft } from '../state/drafts/draft-store.ts';
import { HistoryGroup } from './history-group.tsx';
import { HistoryRow } from './history-row.tsx';

/** New chats that were left with something in them: no list of conversations has them before their first question is sent. */
export function UnsentChats() {
  const { chatController, drafts: store } = useApp();
  const drafts = useStore(store, state => state.drafts);
  const { conversations, isLoaded } = useConversationList(state => state);
  const currentId = useChat(state => state.tree.conversation.id);
  const isListed = (id: string) => conversations.some(conversation => conversation.id === id);
  const unsent = Object.entries(drafts).filter(([id]) => id !== currentId && !isListed(id));
  if (!isLoaded || unsent.length === 0) return null;
  return (
    <HistoryGroup label="Not sent">
      {unsent.map(([id, draft]) => {
        const title = titleOf(draft);
        return (
          <HistoryRow key={id} id={id} title={title} onOpen={() => void chatController.open(id)}>
            <button
              type="button"
              className="icon-button"
              aria-label={`Discard “${title}”`}
              title="Discard"
              tabIndex={-1}
              onClick={event => {
                event.currentTarget.closest('aside')?.querySelector<HTMLElement>('.new-chat')?.focus();
                chatController.discardDraft(id);
              }}
            >
              <DeleteIcon size={16} />
            </button>
          </HistoryRow>
        );
      })}
    </HistoryGroup>
  );
}

function titleOf({ text, attachments, edits }: Draft): string {
  const words = [text, ...Object.values(edits)].find(each => each.trim() !== '');
  if (words !== undefined) return titleFrom(words.slice(0, 1000));
  return attachments.length === 1 ? (attachments[0]?.name ?? '') : `${attachments.length} images`;
}
