import type { App } from '../state/create-app.ts';

/**
 * Tells the app when the page may be about to go away. A hidden page can be frozen, and a frozen one discarded, without
 * another word; `pagehide` is the last one of a page that is closed. Returns how to stop.
 */
export function watchPage(
  app: Pick<App, 'savePartial' | 'noteVisibility' | 'storage' | 'debts' | 'draftKeeper'>,
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const save = () => {
    app.draftKeeper.leave();
    void app.savePartial();
    void app.debts.tryAgain();
  };
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'hidden') save();
      app.noteVisibility();
    },
    { signal },
  );
  document.addEventListener('freeze', save, { signal });
  window.addEventListener('pagehide', save, { signal });
  // The browser asks the reader, who would lose what could not be stored.
  window.addEventListener(
    'beforeunload',
    event => {
      if (app.storage.getState().hasUnsaved) event.preventDefault();
    },
    { signal },
  );
  return () => stop.abort();
}
