import type { Page } from 'playwright-core';

/** A message as it lies in a profile, read behind the application's back. */
export interface StoredMessage {
  id: string;
  conversationId: string;
  role: 'user' | 'assistant';
  text: string;
  createdAt: number;
  /** Of each image that the model was shown: whether its visual tokens were there already. */
  seen: { cached: boolean }[];
}

/** Every stored message, oldest first. */
export function readStoredMessages(page: Page): Promise<StoredMessage[]> {
  return page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name);
    if (!names.includes('bedside-chats')) return [];
    const settle = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await settle(indexedDB.open('bedside-chats'));
    const records = database.transaction('records').objectStore('records');
    const all: (Omit<StoredMessage, 'seen'> & { vision?: { images: { cached: boolean }[] } })[] =
      await settle(records.getAll(IDBKeyRange.bound('message/', 'message/\uffff')));
    database.close();
    return all
      .map(({ id, conversationId, role, text, createdAt, vision }) => {
        const seen = (vision?.images ?? []).map(({ cached }) => ({ cached }));
        return { id, conversationId, role, text, createdAt, seen };
      })
      .sort((a, b) => a.createdAt - b.createdAt);
  });
}
