import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { branchesOf, pathTo } from '../../client/index.ts';
import { DownIcon } from '../controls/icons.tsx';
import { useKeptFocus } from '../controls/use-kept-focus.ts';
import { usePrinting } from '../controls/use-near.ts';
import { ConditionNote } from '../errors/condition-note.tsx';
import { handleKey } from '../input/input-method.ts';
import { DevicePanel } from '../models/device-panel.tsx';
import { printConversation } from '../print/print-messages.ts';
import { PrintedFoot, PrintedHead } from '../print/printed-frame.tsx';
import { useApp, useChat, useUi } from '../state/app-context.tsx';
import { FarMessages } from './far-messages.tsx';
import { inTheSamePlace } from './message-focus.ts';
import { MessageRow } from './message-row.tsx';
import { modelChanges } from './model-changes.ts';
import { useFilledFrom } from './use-filled-from.ts';
import { useNearRows } from './use-near-rows.ts';
import { useStickToBottom } from './use-stick-to-bottom.ts';

/** So many messages stand together where they are far away. */
const farTogether = 16;

/** The messages of the conversation that is shown. */
export function MessageList() {
  const conversationId = useChat(state => state.tree.conversation.id);
  return <Messages key={conversationId} />;
}

function Messages() {
  const tree = useChat(state => state.tree);
  const runningId = useChat(state => state.run?.messageId);
  const scrollRef = useRef<HTMLDivElement>(null);
  const contentRef = useRef<HTMLDivElement>(null);
  const { isAtBottom, scrollToBottom, letGo } = useStickToBottom(scrollRef, contentRef);
  const kept = useKeptFocus<HTMLOListElement>(inTheSamePlace);
  const path = useMemo(() => pathTo(tree), [tree]);
  const changes = useMemo(() => modelChanges(path), [path]);
  const branches = useMemo(() => branchesOf(tree), [tree]);
  const soughtId = useUi(state => state.soughtId);
  const isPrinted = usePrinting();
  const { isBuilt, near } = useNearRows(path, scrollRef, kept.ref);
  const filledFrom = useFilledFrom(path.length);

  const questionCount = path.filter(message => message.role === 'user').length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a conversation, and a new question, is shown from its end
  useLayoutEffect(() => scrollToBottom('instant'), [questionCount]);

  useEffect(() => {
    // By the browser's own way of printing no image could be waited for that was not built before.
    const print = handleKey((event: KeyboardEvent) => {
      if (event.key !== 'p' || event.shiftKey || event.altKey || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void printConversation();
    });
    document.addEventListener('keydown', print);
    return () => document.removeEventListener('keydown', print);
  }, []);

  const { ui } = useApp();
  useEffect(() => {
    const place = soughtId === null ? -1 : path.findIndex(({ id }) => id === soughtId);
    if (place < 0) return;
    // What cannot be built while React renders is built right after it.
    queueMicrotask(() => {
      near.buildAt(place);
      const item = kept.ref.current?.querySelector(`:scope > [aria-posinset="${place + 1}"]`);
      if (!item) return;
      letGo();
      item.scrollIntoView({ block: 'start' });
      item.querySelector<HTMLElement>('article')?.focus({ preventScroll: true });
      ui.getState().seekMessage(null);
    });
  }, [soughtId, path, ui, letGo, near, kept.ref]);

  const rows: React.ReactNode[] = [];
  for (let place = 0; place < path.length; ) {
    const message = path[place]!;
    if (isPrinted || isBuilt(place)) {
      const branch = branches.get(message.id);
      rows.push(
        <MessageRow
          key={message.id}
          message={message}
          number={place + 1}
          count={path.length}
          change={changes.get(message.id)}
          versionIndex={branch?.index ?? 0}
          versionCount={branch?.count ?? 1}
          isWriting={message.id === runningId}
          isLast={place === path.length - 1}
        />,
      );
      place++;
      continue;
    }
    const from = place;
    const end = Math.min(path.length, from - (from % farTogether) + farTogether);
    while (place < end && !isBuilt(place)) place++;
    const far = path.slice(from, place);
    rows.push(
      <FarMessages
        key={`far ${from}`}
        messages={far}
        heights={far.map(each => near.heights.of(each))}
        isFilled={from >= filledFrom}
      />,
    );
  }

  return (
    <div className="chat-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
      <section className="chat-scroll" ref={scrollRef} aria-label="Messages" translate="no" tabIndex={0}>
        <div className="chat-column" ref={contentRef}>
          <PrintedHead conversation={tree.conversation} />
          <DevicePanel />
          <ConditionNote of="conversation" condition={tree.conversation.condition} />
          <ol className="messages" {...kept}>
            {rows}
          </ol>
          <PrintedFoot />
        </div>
      </section>
      {!isAtBottom && (
        <button type="button" className="to-latest" onClick={() => scrollToBottom('smooth')}>
          <DownIcon size={18} />
          Jump to latest
        </button>
      )}
    </div>
  );
}
