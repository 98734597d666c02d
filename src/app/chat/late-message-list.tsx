import { lazy, Suspense, useEffect, useState } from 'react';
import type { MessageList } from './message-list.tsx';

let loaded: typeof MessageList | undefined;

/** What shows messages, with all that reads Markdown: fetched beside the page's first view, which has none. */
export const loadMessageList = () =>
  import('./message-list.tsx').then(({ MessageList }) => {
    loaded = MessageList;
    return { default: MessageList };
  });

// React remembers a failure: the boundary around it offers the text, and a reload.
const Late = lazy(loadMessageList);

/** Fetches it before the first conversation is opened. A failure is told of when it is needed. */
export function useMessageListAhead(): void {
  useEffect(() => void loadMessageList().catch(() => undefined), []);
}

export function LateMessageList() {
  const [List] = useState(() => loaded ?? Late);
  return (
    <Suspense fallback={<div className="chat-scroll" aria-busy="true" />}>
      <List />
    </Suspense>
  );
}
