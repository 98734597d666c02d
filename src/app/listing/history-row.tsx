import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { HistoryItem } from './history-group.tsx';
import { useListing } from './listing-store.ts';

interface HistoryRowProps {
  id: string;
  title: string;
  isCurrent?: boolean;
  /** Before the title. */
  mark?: ReactNode;
  /** After it. */
  note?: string | undefined;
  onOpen: () => void;
  /** What else can be done with it: icon buttons, which arrows reach. */
  children: ReactNode;
  /** It can be chosen, with others. */
  isChoosable?: boolean;
}

/** A conversation in the sidebar: its title opens it, its buttons show where a mouse or the focus is. */
export function HistoryRow(props: HistoryRowProps) {
  const { id, title, isCurrent, mark, note, onOpen, children, isChoosable } = props;
  const listing = useListing();
  const isActive = useStore(listing, state => state.activeId === id);
  const isChosen = useStore(listing, state => state.chosen?.has(id));
  const tabIndex = isActive ? 0 : -1;

  if (isChoosable && isChosen !== undefined) {
    return (
      <HistoryItem data-id={id} data-current={isCurrent}>
        <label className="history-open">
          <input
            type="checkbox"
            tabIndex={tabIndex}
            checked={isChosen}
            onChange={event => {
              const chosen = new Set(listing.getState().chosen);
              if (event.currentTarget.checked) chosen.add(id);
              else chosen.delete(id);
              listing.setState({ chosen });
            }}
          />
          <span dir="auto">{title}</span>
        </label>
      </HistoryItem>
    );
  }
  return (
    <HistoryItem data-id={id} data-current={isCurrent}>
      <button
        type="button"
        className="history-open"
        aria-current={isCurrent ? 'page' : undefined}
        title={title}
        tabIndex={tabIndex}
        onClick={onOpen}
      >
        {mark}
        <span className="history-title" dir="auto">
          {title}
        </span>
        {note && (
          <span className="history-note" dir="auto">
            {note}
          </span>
        )}
      </button>
      <div className="history-actions">{children}</div>
    </HistoryItem>
  );
}
