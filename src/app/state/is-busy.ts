import type { App } from './create-app.ts';

/** Whether reloading the page now would cut something off that the reader waits for. */
export function isBusy({ chat, models, modelLibrary, attachments, storage }: App): boolean {
  return (
    chat.getState().run !== null ||
    storage.getState().hasUnsaved ||
    models.getState().phase === 'loading' ||
    Object.keys(modelLibrary.getState().jobs).length > 0 ||
    attachments.getState().attachments.some(({ status }) => status === 'reading')
  );
}
