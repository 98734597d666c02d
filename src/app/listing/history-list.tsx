import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Conversation } from '../../client/index.ts';
import { handleKey } from '../input/input-method.ts';
import { useApp, useChat, useConversationList } from '../state/app-context.tsx';
import { type Listed, listGroups, listTags } from '../state/conversation/list-groups.ts';
import { ChosenBar } from './chosen-bar.tsx';
import { HistoryGroup } from './history-group.tsx';
import { HistoryRows, rowsTogether } from './history-rows.tsx';
import { createListingStore, ListingContext } from './listing-store.ts';
import { moveFocus } from './move-focus.ts';
import { UnsentChats } from './unsent-chats.tsx';

/** The conversations of this device, but those in the bin. */
export function HistoryList({ isHidden }: { isHidden: boolean }) {
  const { drafts } = useApp();
  const [listing] = useState(createListingStore);
  const { conversations, isLoaded } = useConversationList(state => state);
  const currentId = useChat(state => state.tree.conversation.id);
  const waiting = useStore(drafts, state => Object.keys(state.drafts).join());
  const isChoosing = useStore(listing, state => state.chosen !== null);
  const [wanted, setWanted] = useState<Listed>('all');
  const nav = useRef<HTMLElement>(null);
  const tags = useMemo(() => listTags(conversations), [conversations]);
  const hasArchive = conversations.some(({ filing }) => filing?.isArchived);
  // The last one of a tag, or of the archive, may have left it.
  const isThere = wanted === 'archive' ? hasArchive : wanted === 'all' || tags.includes(wanted.slice(4));
  const listed = isThere ? wanted : 'all';
  const groups = useMemo(() => listGroups(conversations, listed, Date.now()), [conversations, listed]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is listed may have changed
  useEffect(() => {
    const ids = [...(nav.current?.querySelectorAll<HTMLElement>('.history-item') ?? [])].map(
      ({ dataset }) => dataset.id,
    );
    const { activeId } = listing.getState();
    if (activeId === null || !ids.includes(activeId)) {
      listing.setState({ activeId: (ids.includes(currentId) ? currentId : ids[0]) ?? null });
    }
  }, [groups, waiting, isLoaded, listing]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: where the reader is, Tab goes first
  useEffect(() => {
    if (conversations.some(({ id }) => id === currentId)) listing.setState({ activeId: currentId });
  }, [currentId]);

  return (
    <ListingContext value={listing}>
      {(tags.length > 0 || hasArchive) && (
        <div className="history-tools" hidden={isHidden || !isLoaded}>
          <ListedChoice listed={listed} tags={tags} hasArchive={hasArchive} onChange={setWanted} />
        </div>
      )}
      <nav
        ref={nav}
        className="history"
        hidden={isHidden}
        aria-label="Earlier conversations"
        onKeyDown={handleKey(event => moveFocus(event, listing))}
        onFocus={({ target }) => {
          const id = target.closest<HTMLElement>('.history-item')?.dataset.id;
          if (id !== undefined) listing.setState({ activeId: id });
        }}
      >
        <UnsentChats />
        {groups.map(group => (
          <HistoryGroup key={group.label} label={group.label}>
            {inPortions(group.conversations).map(portion => (
              <HistoryRows
                key={portion[0]!.id}
                conversations={portion}
                currentId={portion.some(({ id }) => id === currentId) ? currentId : null}
              />
            ))}
          </HistoryGroup>
        ))}
        {isLoaded && conversations.length === 0 && (
          <p className="history-empty">
            Your conversations will be listed here. They are kept on this device only.
          </p>
        )}
      </nav>
      {isChoosing && !isHidden && (
        <ChosenBar
          listed={groups.flatMap(group => group.conversations)}
          isArchive={listed === 'archive'}
          onDone={() => {
            listing.setState({ chosen: null });
            // The bar goes with what had the focus.
            requestAnimationFrame(() =>
              nav.current?.querySelector<HTMLElement>('.history-open[tabindex="0"]')?.focus(),
            );
          }}
        />
      )}
    </ListingContext>
  );
}

function inPortions(conversations: readonly Conversation[]): Conversation[][] {
  const count = Math.ceil(conversations.length / rowsTogether);
  return Array.from({ length: count }, (_, at) =>
    conversations.slice(at * rowsTogether, (at + 1) * rowsTogether),
  );
}

interface ListedChoiceProps {
  listed: Listed;
  tags: readonly string[];
  hasArchive: boolean;
  onChange: (listed: Listed) => void;
}

function ListedChoice({ listed, tags, hasArchive, onChange }: ListedChoiceProps) {
  return (
    <select
      className="history-listed"
      aria-label="Which conversations are listed"
      value={listed}
      onChange={event => onChange(event.currentTarget.value as Listed)}
    >
      <option value="all">All conversations</option>
      {hasArchive && <option value="archive">Archive</option>}
      {tags.length > 0 && (
        <optgroup label="Tags">
          {tags.map(tag => (
            <option key={tag} value={`tag:${tag}`}>
              {tag}
            </option>
          ))}
        </optgroup>
      )}
    </select>
  );
}
