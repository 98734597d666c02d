import { useState } from 'react';
import type { Conversation } from '../../client/index.ts';
import { DeleteIcon, EditIcon, ExportIcon } from '../controls/icons.tsx';
import { handleKey } from '../input/input-method.ts';
import { usePrivateText } from '../input/private-text.ts';
import { useApp, useChat } from '../state/app-context.tsx';
import { HistoryRow } from './history-row.tsx';

export function ConversationItem({
  conversation,
  isCurrent,
}: {
  conversation: Conversation;
  isCurrent: boolean;
}) {
  const { chatController, ui } = useApp();
  const [isRenaming, setRenaming] = useState(false);
  const isAnswering = useChat(state => state.run?.conversation.id === conversation.id);
  const { id, title } = conversation;

  if (isRenaming) {
    return (
      <li className="history-item">
        <RenameField
          title={title}
          onDone={next => {
            setRenaming(false);
            if (next !== null && next !== title) void chatController.rename(id, next);
          }}
        />
      </li>
    );
  }
  return (
    <HistoryRow
      title={title}
      isCurrent={isCurrent}
      mark={isAnswering && <span className="history-busy" role="img" aria-label="Answering" />}
      onOpen={() => void chatController.open(id)}
    >
      <button
        type="button"
        className="icon-button"
        aria-label={`Rename “${title}”`}
        title="Rename"
        onClick={() => setRenaming(true)}
      >
        <EditIcon size={16} />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={`Export “${title}”`}
        title="Export"
        onClick={() => ui.getState().openDialog({ kind: 'share', conversationId: id })}
      >
        <ExportIcon size={16} />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={`Delete “${title}”`}
        title="Delete"
        onClick={event => {
          focusNeighbour(event.currentTarget);
          void chatController.remove(id);
        }}
      >
        <DeleteIcon size={16} />
      </button>
    </HistoryRow>
  );
}

/** The deleted row takes the focus with it; the next one, or "New chat", takes it over. */
function focusNeighbour(button: HTMLElement): void {
  const opens = [
    ...(button.closest('aside')?.querySelectorAll<HTMLElement>('.new-chat, .history-open') ?? []),
  ];
  const own = button.closest('li')?.querySelector<HTMLElement>('.history-open');
  const place = opens.indexOf(own as HTMLElement);
  (opens[place + 1] ?? opens[place - 1])?.focus();
}

function RenameField({ title, onDone }: { title: string; onDone: (next: string | null) => void }) {
  const privateText = usePrivateText();
  return (
    <input
      className="history-rename"
      aria-label="New title"
      dir="auto"
      {...privateText}
      defaultValue={title}
      maxLength={120}
      ref={input => {
        // Renaming was asked for by a press on a button: the field takes over from it.
        if (input && document.activeElement !== input) {
          input.focus();
          input.select();
        }
      }}
      onKeyDown={handleKey(event => {
        if (event.key === 'Enter') onDone(event.currentTarget.value);
        if (event.key === 'Escape') {
          event.stopPropagation();
          onDone(null);
        }
      })}
      onBlur={event => onDone(event.currentTarget.value)}
    />
  );
}
