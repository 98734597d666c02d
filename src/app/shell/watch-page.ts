import type { App } from '../state/create-app.ts';

/**
 * Tells the app when the page may be about to go away. A hidden page can be frozen, and a frozen one discarded, without
 * another word; `pagehide` is the last one of a page that is closed. Returns how to stop.
 */
export function watchPage(app: Pick<App, 'savePartial' | 'noteVisibility'>): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const save = () => void app.savePartial();
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
  return () => stop.abort();
}
