import type { ReactNode } from 'react';

interface HistoryRowProps {
  title: string;
  isCurrent?: boolean;
  /** Before the title. */
  mark?: ReactNode;
  onOpen: () => void;
  /** What else can be done with it: icon buttons. */
  children: ReactNode;
}

/** A conversation in the sidebar: its title opens it, its buttons show where a mouse or the focus is. */
export function HistoryRow({ title, isCurrent, mark, onOpen, children }: HistoryRowProps) {
  return (
    <li className="history-item" data-current={isCurrent}>
      <button
        type="button"
        className="history-open"
        aria-current={isCurrent ? 'page' : undefined}
        title={title}
        onClick={onOpen}
      >
        {mark}
        <span dir="auto">{title}</span>
      </button>
      <div className="history-actions">{children}</div>
    </li>
  );
}
