import type { TaskTemplate } from '../../client/index.ts';
import type { App } from '../state/create-app.ts';

const ownOf = ({ settings }: App) => settings.getState().settings.ownTemplates;

const store = (app: App, ownTemplates: readonly TaskTemplate[]) =>
  void app.settingsController.update({ ownTemplates });

/** In the place of the one with its id, or as the last. */
export function saveOwnTemplate(app: App, template: TaskTemplate): void {
  const own = ownOf(app);
  const isThere = own.some(({ id }) => id === template.id);
  store(app, isThere ? own.map(each => (each.id === template.id ? template : each)) : [...own, template]);
}

export function addOwnTemplates(app: App, added: readonly TaskTemplate[]): void {
  store(app, [...ownOf(app), ...added]);
}

/** With a way back for some seconds. Questions that were made with it keep its name. */
export function removeOwnTemplate(app: App, template: TaskTemplate): void {
  const place = ownOf(app).findIndex(({ id }) => id === template.id);
  if (place < 0) return;
  store(
    app,
    ownOf(app).filter(({ id }) => id !== template.id),
  );
  app.ui.getState().showToast(`“${template.name}” was deleted.`, {
    label: 'Undo',
    run: () => store(app, ownOf(app).toSpliced(place, 0, template)),
  });
}
