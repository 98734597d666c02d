import { useRef, useState } from 'react';
import { CloseIcon, DeleteIcon, LampMark, LockIcon, NewChatIcon } from '../controls/icons.tsx';
import { useNewChat } from '../controls/use-new-chat.ts';
import { SearchField } from '../finding/search-field.tsx';
import { HistoryList } from '../listing/history-list.tsx';
import { useApp, useConversationList, useUi } from '../state/app-context.tsx';
import { useDrawer } from './use-drawer.ts';

export function Sidebar() {
  const { ui } = useApp();
  const newChat = useNewChat();
  const isOpen = useUi(state => state.isDrawerOpen);
  const hasConversations = useConversationList(state => state.conversations.length > 0);
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
        {hasConversations && <SearchField onSearching={setSearching} />}
        <HistoryList isHidden={isSearching} />
        <div className="sidebar-foot">
          <p>
            <LockIcon size={16} />
            Nothing leaves this device
          </p>
          <button
            type="button"
            className="sidebar-bin"
            onClick={() => ui.getState().openDialog({ kind: 'bin' })}
          >
            <DeleteIcon size={16} />
            Bin
          </button>
        </div>
      </aside>
    </>
  );
}
