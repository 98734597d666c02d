import { useEffect, useMemo, useRef } from 'react';
import { branchesOf, pathTo } from '../../client/index.ts';
import { DownIcon } from '../controls/icons.tsx';
import { useKeptFocus } from '../controls/use-kept-focus.ts';
import { ConditionNote } from '../errors/condition-note.tsx';
import { handleKey } from '../input/input-method.ts';
import { DevicePanel } from '../models/device-panel.tsx';
import { printConversation } from '../print/print-messages.ts';
import { PrintedFoot, PrintedHead } from '../print/printed-frame.tsx';
import { useApp, useChat, useUi } from '../state/app-context.tsx';
import { inTheSamePlace } from './message-focus.ts';
import { MessageRow } from './message-row.tsx';
import { modelChanges } from './model-changes.ts';
import { useStickToBottom } from './use-stick-to-bottom.ts';

/** More messages than this, and only those near what is seen are built. */
const longestBuiltWhole = 50;
/** Of a long conversation, those at its end, with which it is shown. */
const firstBuilt = 6;

export function MessageList() {
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
  const isShort = path.length <= longestBuiltWhole;

  const conversationId = tree.conversation.id;
  const questionCount = path.filter(message => message.role === 'user').length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new conversation or question is shown from its end
  useEffect(() => scrollToBottom('instant'), [conversationId, questionCount]);

  useEffect(() => {
    if (isShort) return;
    // By the browser's own way of printing no image could be waited for that was not built before.
    const print = handleKey((event: KeyboardEvent) => {
      if (event.key !== 'p' || event.shiftKey || event.altKey || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void printConversation();
    });
    document.addEventListener('keydown', print);
    return () => document.removeEventListener('keydown', print);
  }, [isShort]);

  const { ui } = useApp();
  useEffect(() => {
    const place = soughtId === null ? -1 : path.findIndex(({ id }) => id === soughtId);
    const item = contentRef.current?.querySelector('.messages')?.children[place];
    if (!item) return;
    letGo();
    item.scrollIntoView({ block: 'start' });
    item.querySelector<HTMLElement>('article')?.focus({ preventScroll: true });
    ui.getState().seekMessage(null);
  }, [soughtId, path, ui, letGo]);

  return (
    <div className="chat-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
      <section className="chat-scroll" ref={scrollRef} aria-label="Messages" translate="no" tabIndex={0}>
        <div className="chat-column" ref={contentRef}>
          <PrintedHead conversation={tree.conversation} />
          <DevicePanel />
          <ConditionNote of="conversation" condition={tree.conversation.condition} />
          <ol className="messages" {...kept}>
            {path.map((message, place) => {
              const branch = branches.get(message.id);
              return (
                <MessageRow
                  key={message.id}
                  message={message}
                  change={changes.get(message.id)}
                  versionIndex={branch?.index ?? 0}
                  versionCount={branch?.count ?? 1}
                  isWriting={message.id === runningId}
                  isLast={place === path.length - 1}
                  isKept={isShort}
                  isSought={message.id === soughtId}
                  isNearAtFirst={place >= path.length - firstBuilt}
                />
              );
            })}
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
