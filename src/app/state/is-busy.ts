import type { App } from './create-app.ts';

/** Whether reloading the page now would cut something off that the reader waits for. */
export function isBusy({ chat, models, modelLibrary, attachments }: App): boolean {
  return (
    chat.getState().run !== null ||
    models.getState().phase === 'loading' ||
    Object.keys(modelLibrary.getState().jobs).length > 0 ||
    attachments.getState().attachments.some(({ status }) => status === 'reading')
  );
}
