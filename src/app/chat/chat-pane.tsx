import { pathTo } from '../../client/index.ts';
import { Composer } from '../composer/composer.tsx';
import { PanelBoundary } from '../errors/panel-boundary.tsx';
import { StorageNotice } from '../errors/storage-notice.tsx';
import { conversationsAsText } from '../format/conversation-text.ts';
import { researchNotice } from '../format/research-notice.ts';
import { LateGuardNotices } from '../guards/late-guard-notices.tsx';
import { DeviceNote } from '../models/device-note.tsx';
import { DevicePanel } from '../models/device-panel.tsx';
import { LoadPanel } from '../models/load-panel.tsx';
import { Notices } from '../notices/notices.tsx';
import { useApp, useChat } from '../state/app-context.tsx';
import { AnswererNote } from './answerer-note.tsx';
import { EmptyState } from './empty-state.tsx';
import { LateMessageList, useMessageListAhead } from './late-message-list.tsx';

export function ChatPane() {
  useMessageListAhead();
  const { chat } = useApp();
  const conversationId = useChat(state => state.tree.conversation.id);
  const isEmpty = useChat(state => state.tree.messages.length === 0);
  return (
    <main className="pane" id="main">
      <div className="chat">
        <PanelBoundary
          what="This conversation"
          shown={conversationId}
          text={() => {
            const { tree } = chat.getState();
            return conversationsAsText([{ ...tree, messages: pathTo(tree) }]);
          }}
        >
          {isEmpty ? (
            <div className="chat-scroll">
              <div className="chat-column">
                <DevicePanel />
                <DeviceNote />
                <EmptyState />
              </div>
            </div>
          ) : (
            <LateMessageList />
          )}
        </PanelBoundary>
      </div>
      <Notices />
      <div className="dock">
        <div className="chat-column">
          <StorageNotice />
          <PanelBoundary what="What the model is doing">
            <LoadPanel />
            <LateGuardNotices />
            <AnswererNote />
          </PanelBoundary>
          <PanelBoundary what="The question field" shown={conversationId}>
            <Composer />
          </PanelBoundary>
          <p className="disclaimer">{researchNotice}</p>
        </div>
      </div>
    </main>
  );
}
