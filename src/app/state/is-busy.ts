import type { App } from './create-app.ts';
import { isComing } from './model/model-store.ts';

/** Whether reloading the page now would cut something off that the reader waits for, or take away what was not sent. */
export function isBusy({ chat, models, library, deviceTest, draftKeeper, storage }: App): boolean {
  return (
    chat.getState().run !== null ||
    storage.getState().hasUnsaved ||
    isComing(models.getState().phase) ||
    Object.keys(library.getState().jobs).length > 0 ||
    deviceTest.store.getState().status === 'running' ||
    draftKeeper.hasUnsent()
  );
}
