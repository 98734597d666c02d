import { ContextMeter } from '../chat/context-meter.tsx';
import { ModelBadge } from '../models/model-badge.tsx';
import { useApp } from '../state/app-context.tsx';
import { AirGapMark } from './air-gap-mark.tsx';
import { MenuIcon, NewChatIcon, SettingsIcon } from './icons.tsx';

export function Header() {
  const { ui, chatController } = useApp();
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
        <button
          type="button"
          className="icon-button narrow-only"
          aria-label="New chat"
          onClick={() => chatController.newChat()}
        >
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
