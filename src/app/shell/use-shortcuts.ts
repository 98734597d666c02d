import { useEffect } from 'react';
import { useNewChat } from '../controls/use-new-chat.ts';
import { handleKey } from '../input/input-method.ts';
import { useApp } from '../state/app-context.tsx';

/** Page-wide keys. None is a single letter: those would fire while someone dictates or uses a screen reader. */
export function useShortcuts(): void {
  const { chat, chatController, ui } = useApp();
  const newChat = useNewChat();
  useEffect(() => {
    const onKeyDown = handleKey((event: KeyboardEvent) => {
      const isDialogOpen = document.querySelector('dialog[open]') !== null || ui.getState().isDrawerOpen;
      if (event.defaultPrevented || isDialogOpen) return;
      if (event.key === 'Escape' && chat.getState().run) chatController.stop();
      if (event.key.toLowerCase() === 'o' && event.shiftKey && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        newChat();
      }
    });
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [chat, chatController, ui, newChat]);
}
