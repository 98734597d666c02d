import { useEffect, useMemo, useRef } from 'react';
import { pathTo, siblings } from '../../client/index.ts';
import { DownIcon } from '../controls/icons.tsx';
import { useKeptFocus } from '../controls/use-kept-focus.ts';
import { ConditionNote } from '../errors/condition-note.tsx';
import { MessageBoundary } from '../errors/message-boundary.tsx';
import { DevicePanel } from '../models/device-panel.tsx';
import { PrintedFoot, PrintedHead, PrintedOrigin } from '../print/printed-frame.tsx';
import { useApp, useChat, useUi } from '../state/app-context.tsx';
import { AnswerMessage } from './answer-message.tsx';
import { inTheSamePlace } from './message-focus.ts';
import { modelChanges } from './model-changes.ts';
import { useStickToBottom } from './use-stick-to-bottom.ts';
import { UserMessage } from './user-message.tsx';

export function MessageList() {
  const tree = useChat(state => state.tree);
  const runningId = useChat(state => state.run?.messageId);
  const scrollRef = useRef<HTMLDivElement>(null);
  const contentRef = useRef<HTMLDivElement>(null);
  const { isAtBottom, scrollToBottom, letGo } = useStickToBottom(scrollRef, contentRef);
  const kept = useKeptFocus<HTMLOListElement>(inTheSamePlace);
  const path = useMemo(() => pathTo(tree), [tree]);
  const changes = useMemo(() => modelChanges(path), [path]);

  const conversationId = tree.conversation.id;
  const questionCount = path.filter(message => message.role === 'user').length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new conversation or question is shown from its end
  useEffect(() => scrollToBottom('instant'), [conversationId, questionCount]);

  const { ui } = useApp();
  const soughtId = useUi(state => state.soughtId);
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
              const versions = siblings(tree, message.id);
              const branch = { index: versions.index, count: versions.messages.length };
              return (
                <li key={message.id}>
                  {changes.has(message.id) && <p className="model-change">{changes.get(message.id)}</p>}
                  <PrintedOrigin message={message} />
                  <MessageBoundary message={message}>
                    {message.role === 'user' ? (
                      <UserMessage
                        message={message}
                        versionIndex={branch.index}
                        versionCount={branch.count}
                      />
                    ) : (
                      <AnswerMessage
                        answer={message}
                        versionIndex={branch.index}
                        versionCount={branch.count}
                        isWriting={message.id === runningId}
                        isLast={place === path.length - 1}
                      />
                    )}
                  </MessageBoundary>
                </li>
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
