import { useEffect } from 'react';
import { ChatPane } from '../chat/chat-pane.tsx';
import { ImageIcon } from '../controls/icons.tsx';
import { PageBoundary } from '../errors/page-boundary.tsx';
import { PanelBoundary, SidebarBoundary } from '../errors/panel-boundary.tsx';
import { watchInputMethod } from '../input/input-method.ts';
import { AppProvider } from '../state/app-context.tsx';
import type { App } from '../state/create-app.ts';
import { Dialogs } from './dialogs.tsx';
import { Header } from './header.tsx';
import { Sidebar } from './sidebar.tsx';
import { useFileDrop } from './use-file-drop.ts';
import { useFocusNet } from './use-focus-net.ts';
import { useShortcuts } from './use-shortcuts.ts';

export function Page({ app }: { app: App }) {
  return (
    <AppProvider value={app}>
      <PageBoundary>
        <Shell />
      </PageBoundary>
    </AppProvider>
  );
}

function Shell() {
  useEffect(watchInputMethod, []);
  const net = useFocusNet();
  useShortcuts();
  const isFileHovering = useFileDrop();
  return (
    <div className="page" translate="no" {...net}>
      <a className="skip-link" href="#question">
        Skip to the question
      </a>
      <SidebarBoundary>
        <Sidebar />
      </SidebarBoundary>
      <div className="main-column">
        <PanelBoundary what="The head of the page">
          <Header />
        </PanelBoundary>
        <ChatPane />
      </div>
      {isFileHovering && (
        <div className="drop-veil">
          <ImageIcon size={32} />
          <span>Drop an image to ask about it, or a GGUF model to open it</span>
        </div>
      )}
      <Dialogs />
    </div>
  );
}
