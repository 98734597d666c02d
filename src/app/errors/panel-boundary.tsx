import type { ReactNode } from 'react';
import { NewChatIcon } from '../controls/icons.tsx';
import { Modal } from '../controls/modal.tsx';
import { useNewChat } from '../controls/use-new-chat.ts';
import { useApp } from '../state/app-context.tsx';
import { Boundary } from './boundary.tsx';
import { FailedPart, ReloadButton } from './failed-part.tsx';

interface PanelBoundaryProps {
  /** What it holds, as the beginning of a sentence. */
  what: string;
  /** Tried again by itself when this is another. */
  shown?: unknown;
  /** What can be copied instead of being shown. */
  text?: () => string;
  children: ReactNode;
}

/** A part of the page that can be missing while the rest is used. */
export function PanelBoundary({ what, shown, text, children }: PanelBoundaryProps) {
  return (
    <Boundary
      shown={shown}
      fallback={failure => (
        <FailedPart {...failure} what={what} {...(text ? { text } : {})} actions={<ReloadButton />} />
      )}
    >
      {children}
    </Boundary>
  );
}

/** Without the list of conversations there is still the one that is shown, a new one, and all of them as a file. */
export function SidebarBoundary({ children }: { children: ReactNode }) {
  const { exportConversations, ui } = useApp();
  const newChat = useNewChat();
  return (
    <Boundary
      fallback={failure => (
        <aside className="sidebar" aria-label="Conversations">
          <button type="button" className="new-chat" onClick={newChat}>
            <NewChatIcon />
            New chat
          </button>
          <FailedPart
            {...failure}
            what="The list of conversations"
            actions={
              <button
                type="button"
                className="button"
                onClick={() => void exportConversations().then(words => ui.getState().showToast(words))}
              >
                Save all conversations as a file
              </button>
            }
          >
            <p>Your conversations are stored on this device all the same.</p>
          </FailedPart>
        </aside>
      )}
    >
      {children}
    </Boundary>
  );
}

/** A dialog that fails can be left, as any other. */
export function DialogBoundary({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  return (
    <Boundary
      fallback={failure => (
        <Modal title="This could not be shown" onClose={onClose}>
          <FailedPart {...failure} what="What this dialog holds" actions={<ReloadButton />}>
            <p>Nothing was changed. The rest of the page can be used.</p>
          </FailedPart>
        </Modal>
      )}
    >
      {children}
    </Boundary>
  );
}
