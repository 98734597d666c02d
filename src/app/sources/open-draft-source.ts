import type { App } from '../state/create-app.ts';
import { isReadySource, wholeSource } from '../state/drafts/draft-source.ts';

/** Opens a text that is attached in the conversation that is shown; there its parts can be chosen. */
export function openDraftSource(app: Pick<App, 'shownDraft' | 'ui'>, key: string): void {
  const found = app.shownDraft.getState().sources.find(each => each.key === key);
  if (!found || !isReadySource(found)) return;
  app.ui.getState().openDialog({ kind: 'source', source: wholeSource(found), draftKey: key });
}
