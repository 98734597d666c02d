import { useEffect } from 'react';
import { handleKey } from '../input/input-method.ts';
import { isPressed } from '../palette/action.ts';
import { actions } from '../palette/actions.ts';
import { useApp } from '../state/app-context.tsx';

/** Page-wide keys: those of the actions that nothing nearer hears. A dialog has the keyboard for itself. */
export function useShortcuts(): void {
  const app = useApp();
  useEffect(() => {
    const onKeyDown = handleKey((event: KeyboardEvent) => {
      const isDialogOpen = document.querySelector('dialog[open]') !== null || app.ui.getState().isDrawerOpen;
      if (event.defaultPrevented || isDialogOpen) return;
      const action = actions.find(({ keys, heardBy }) => keys && !heardBy && isPressed(keys, event));
      if (!action || action.whyNot?.(app)) return;
      event.preventDefault();
      action.run(app);
    });
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [app]);
}
