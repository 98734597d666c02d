import { Composer } from '../composer/composer.tsx';
import { StorageNotice } from '../errors/storage-notice.tsx';
import { researchNotice } from '../format/research-notice.ts';
import { DevicePanel } from '../models/device-panel.tsx';
import { LoadPanel } from '../models/load-panel.tsx';
import { useChat } from '../state/app-context.tsx';
import { AnswererNote } from './answerer-note.tsx';
import { EmptyState } from './empty-state.tsx';
import { MessageList } from './message-list.tsx';

export function ChatPane() {
  const isEmpty = useChat(state => state.tree.messages.length === 0);
  return (
    <main className="pane" id="main">
      <div className="chat">
        {isEmpty ? (
          <div className="chat-scroll">
            <div className="chat-column">
              <DevicePanel />
              <EmptyState />
            </div>
          </div>
        ) : (
          <MessageList />
        )}
      </div>
      <div className="dock">
        <div className="chat-column">
          <StorageNotice />
          <LoadPanel />
          <AnswererNote />
          <Composer />
          <p className="disclaimer">{researchNotice}</p>
        </div>
      </div>
    </main>
  );
}
