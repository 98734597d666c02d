import type { App } from '../state/create-app.ts';
import type { EditedTemplate } from './edited-template.ts';

/** As long as the page lives, by the id of the template; that of a new one is empty. */
const kept = new WeakMap<App, Map<string, EditedTemplate>>();

/** A template whose editor was left without saving. */
export function unsavedTemplate(app: App, id: string): EditedTemplate | undefined {
  return kept.get(app)?.get(id);
}

/** Null: it was saved, or given up. */
export function keepUnsaved(app: App, id: string, edited: EditedTemplate | null): void {
  const all = kept.get(app) ?? new Map<string, EditedTemplate>();
  kept.set(app, all);
  if (edited) all.set(id, edited);
  else all.delete(id);
}
