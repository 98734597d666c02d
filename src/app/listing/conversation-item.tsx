import { memo, type ReactNode, useState } from 'react';
import type { Conversation } from '../../client/index.ts';
import {
  ArchiveIcon,
  CheckIcon,
  DeleteIcon,
  EditIcon,
  ExportIcon,
  MoreIcon,
  PinIcon,
  TagIcon,
} from '../controls/icons.tsx';
import { MenuButton } from '../controls/menu-button.tsx';
import { useApp, useChat } from '../state/app-context.tsx';
import { HistoryItem } from './history-group.tsx';
import { HistoryRow } from './history-row.tsx';
import { useListing } from './listing-store.ts';
import { RenameField } from './rename-field.tsx';

interface ConversationItemProps {
  conversation: Conversation;
  isCurrent: boolean;
}

export const ConversationItem = memo(function ConversationItem({
  conversation,
  isCurrent,
}: ConversationItemProps) {
  const { chatController, listController, ui } = useApp();
  const listing = useListing();
  const [isRenaming, setRenaming] = useState(false);
  const isAnswering = useChat(state => state.run?.conversation.id === conversation.id);
  const { id, title, filing = {} } = conversation;
  const { isPinned = false, isArchived = false, tags = [] } = filing;

  if (isRenaming) {
    return (
      <HistoryItem data-id={id}>
        <RenameField
          title={title}
          onDone={next => {
            setRenaming(false);
            if (next !== null && next !== title) void chatController.rename(id, next);
          }}
        />
      </HistoryItem>
    );
  }
  const share = () => ui.getState().openDialog({ kind: 'share', conversationId: id });
  const remove = () => {
    focusNeighbour(id);
    void chatController.remove(id);
  };
  const archive = () => {
    focusNeighbour(id);
    void listController.file([id], old => ({ ...old, isArchived: !isArchived }));
  };
  return (
    <HistoryRow
      id={id}
      title={title}
      isCurrent={isCurrent}
      isChoosable
      mark={isAnswering && <span className="history-busy" role="img" aria-label="Answering" />}
      note={tags.length > 0 ? tags.join(', ') : undefined}
      onOpen={() => void chatController.open(id)}
    >
      <QuickButton name="Rename" title={title} onClick={() => setRenaming(true)}>
        <EditIcon size={16} />
      </QuickButton>
      <QuickButton name="Export" title={title} onClick={share}>
        <ExportIcon size={16} />
      </QuickButton>
      <QuickButton name="Delete" title={title} onClick={remove}>
        <DeleteIcon size={16} />
      </QuickButton>
      <MenuButton
        label={`More for “${title}”`}
        icon={<MoreIcon size={16} />}
        tabIndex={-1}
        items={[
          {
            label: isPinned ? 'Unpin' : 'Pin',
            icon: <PinIcon size={16} />,
            run: () => void listController.file([id], old => ({ ...old, isPinned: !isPinned })),
          },
          { label: 'Rename', icon: <EditIcon size={16} />, run: () => setRenaming(true) },
          {
            label: 'Tags…',
            icon: <TagIcon size={16} />,
            run: () => ui.getState().openDialog({ kind: 'tags', conversationIds: [id] }),
          },
          {
            label: isArchived ? 'Back from the archive' : 'Archive',
            icon: <ArchiveIcon size={16} />,
            run: archive,
          },
          { label: 'Export…', icon: <ExportIcon size={16} />, run: share },
          {
            label: 'Choose several',
            icon: <CheckIcon size={16} />,
            run: () => listing.setState({ chosen: new Set([id]), activeId: id }),
          },
          { label: 'Delete', icon: <DeleteIcon size={16} />, run: remove },
        ]}
      />
    </HistoryRow>
  );
});

/** A row that goes takes the focus with it; the next one, or "New chat", takes it over. */
function focusNeighbour(id: string): void {
  const rows = [...document.querySelectorAll<HTMLElement>('.sidebar .history-item')];
  const place = rows.findIndex(row => row.dataset.id === id);
  const next = rows[place + 1] ?? rows[place - 1];
  const control =
    next?.querySelector<HTMLElement>('.history-open') ??
    document.querySelector<HTMLElement>('.sidebar .new-chat');
  control?.focus();
}

interface QuickButtonProps {
  name: string;
  /** Of the conversation. */
  title: string;
  onClick: () => void;
  children: ReactNode;
}

/** What is done most, beside the title of a row. The list is one stop of the keyboard, which has the menu for it. */
function QuickButton({ name, title, onClick, children }: QuickButtonProps) {
  return (
    <button
      type="button"
      className="icon-button history-quick"
      aria-label={`${name} “${title}”`}
      title={name}
      tabIndex={-1}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
