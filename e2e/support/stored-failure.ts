import type { Page } from 'playwright-core';

/** Writes a conversation whose answer failed into the profile behind the application's back. Synthetic text alone. */
export async function storeFailed(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const id = 'failed-conversation';
    const at = Date.now();
    const message = { v: 4, conversationId: id };
    const records: [string, unknown][] = [
      [
        `message/${id}/q`,
        { ...message, id: 'q', parentId: null, role: 'user', text: 'What is this?', createdAt: at },
      ],
      [
        `message/${id}/a`,
        {
          ...message,
          id: 'a',
          parentId: 'q',
          role: 'assistant',
          text: 'It begins,',
          createdAt: at + 1,
          model: 'Synthetic model',
          error: {
            code: 'out-of-memory',
            reason: 'synthetic',
            message: 'There is not enough memory for this answer.',
            values: {},
            advice: 'Ask again with a shorter question.',
          },
        },
      ],
      [
        `conversation/${id}`,
        {
          v: 4,
          id,
          title: 'A synthetic failure',
          createdAt: at,
          updatedAt: at + 1,
          rootIds: ['q'],
          currentLeafId: 'a',
        },
      ],
    ];
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('bedside-chats');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const transaction = database.transaction('records', 'readwrite');
    for (const [key, value] of records) transaction.objectStore('records').put(value, key);
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = () => reject(transaction.error);
    });
    database.close();
  });
}
