import { useRef, useState } from 'react';
import { CloseIcon, LampMark, LockIcon, NewChatIcon } from '../controls/icons.tsx';
import { useNewChat } from '../controls/use-new-chat.ts';
import { SearchField } from '../finding/search-field.tsx';
import { useApp, useChat, useConversationList, useUi } from '../state/app-context.tsx';
import { groupByDate } from '../state/conversation/group-by-date.ts';
import { ConversationItem } from './conversation-item.tsx';
import { UnsentChats } from './unsent-chats.tsx';
import { useDrawer } from './use-drawer.ts';

export function Sidebar() {
  const { ui } = useApp();
  const newChat = useNewChat();
  const isOpen = useUi(state => state.isDrawerOpen);
  const { conversations, isLoaded } = useConversationList(state => state);
  const currentId = useChat(state => state.tree.conversation.id);
  const [isSearching, setSearching] = useState(false);
  const ref = useRef<HTMLElement>(null);
  useDrawer(ref, isOpen, () => ui.getState().setDrawerOpen(false));
  return (
    <>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes the drawer too */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the shade behind the drawer */}
      <div className="drawer-shade" data-open={isOpen} onClick={() => ui.getState().setDrawerOpen(false)} />
      <aside ref={ref} className="sidebar" data-open={isOpen} aria-label="Conversations">
        <div className="sidebar-top">
          <div className="wordmark">
            <LampMark />
            <span>Bedside</span>
          </div>
          <button
            type="button"
            className="icon-button drawer-close"
            aria-label="Close conversations"
            onClick={() => ui.getState().setDrawerOpen(false)}
          >
            <CloseIcon />
          </button>
        </div>
        <button type="button" className="new-chat" onClick={newChat}>
          <NewChatIcon />
          New chat
        </button>
        {conversations.length > 0 && <SearchField onSearching={setSearching} />}
        <nav className="history" hidden={isSearching} aria-label="Earlier conversations">
          <UnsentChats />
          {groupByDate(conversations, Date.now()).map(group => (
            <section key={group.label}>
              <h2>{group.label}</h2>
              <ul>
                {group.conversations.map(conversation => (
                  <ConversationItem
                    key={conversation.id}
                    conversation={conversation}
                    isCurrent={conversation.id === currentId}
                  />
                ))}
              </ul>
            </section>
          ))}
          {isLoaded && conversations.length === 0 && (
            <p className="history-empty">
              Your conversations will be listed here. They are kept on this device only.
            </p>
          )}
        </nav>
        <p className="sidebar-foot">
          <LockIcon size={16} />
          Nothing leaves this device
        </p>
      </aside>
    </>
  );
}
