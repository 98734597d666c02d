import { ContextMeter } from '../chat/context-meter.tsx';
import {
  ActionsIcon,
  ExportIcon,
  MenuIcon,
  NewChatIcon,
  PrintIcon,
  SettingsIcon,
} from '../controls/icons.tsx';
import { useNewChat } from '../controls/use-new-chat.ts';
import { ModelBadge } from '../models/model-badge.tsx';
import { printConversation } from '../print/print-messages.ts';
import { useApp, useChat } from '../state/app-context.tsx';
import { AirGapMark } from './air-gap-mark.tsx';

export function Header() {
  const { ui } = useApp();
  const newChat = useNewChat();
  const hasMessages = useChat(state => state.tree.messages.length > 0);
  const conversationId = useChat(state => state.tree.conversation.id);
  return (
    <header className="topbar">
      <h1 className="visually-hidden">Bedside</h1>
      <button
        type="button"
        className="icon-button drawer-open"
        aria-label="Conversations"
        onClick={() => ui.getState().setDrawerOpen(true)}
      >
        <MenuIcon />
      </button>
      <ModelBadge />
      <div className="topbar-end">
        <AirGapMark />
        <ContextMeter />
        {hasMessages && (
          <button
            type="button"
            className="icon-button wide-only"
            aria-label="Export conversation"
            title="Export conversation"
            onClick={() => ui.getState().openDialog({ kind: 'share', conversationId })}
          >
            <ExportIcon />
          </button>
        )}
        {hasMessages && (
          <button
            type="button"
            className="icon-button wide-only"
            aria-label="Print conversation"
            title="Print conversation"
            onClick={() => void printConversation()}
          >
            <PrintIcon />
          </button>
        )}
        <button
          type="button"
          className="icon-button wide-only"
          aria-label="All actions"
          title="All actions (Ctrl or ⌘ + K)"
          onClick={() => ui.getState().openDialog({ kind: 'palette' })}
        >
          <ActionsIcon />
        </button>
        <button type="button" className="icon-button narrow-only" aria-label="New chat" onClick={newChat}>
          <NewChatIcon />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Settings"
          title="Settings"
          onClick={() => ui.getState().openDialog({ kind: 'settings' })}
        >
          <SettingsIcon />
        </button>
      </div>
    </header>
  );
}
