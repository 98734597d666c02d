import { useCallback } from 'react';
import { flushSync } from 'react-dom';
import { useApp } from '../state/app-context.tsx';

/** From every door to an empty chat: its question can be typed at once. */
export function useNewChat(): () => void {
  const { chatController } = useApp();
  return useCallback(() => {
    // An open drawer gives the focus back to its own door as it closes.
    flushSync(() => chatController.newChat());
    document.querySelector<HTMLElement>('#question')?.focus();
  }, [chatController]);
}
