import type { Page } from 'playwright-core';

/** Puts a conversation into a profile behind the application's back: a question and an answer for each text. */
export async function storeAnswers(page: Page, title: string, answers: readonly string[]): Promise<void> {
  await page.evaluate(
    async ([title, answers]) => {
      const conversationId = 'stored-answers';
      const now = Date.now();
      const messages = answers.flatMap((text, index) =>
        [`Text ${index + 1}`, text].map((text, part) => {
          const at = 2 * index + part;
          return {
            v: 1,
            id: `m${at}`,
            conversationId,
            parentId: at === 0 ? null : `m${at - 1}`,
            role: part === 0 ? 'user' : 'assistant',
            text,
            createdAt: now + at,
            ...(part === 1 && { stopReason: 'end', model: 'Test' }),
          };
        }),
      );
      const conversation = {
        v: 1,
        id: conversationId,
        title,
        createdAt: now,
        updatedAt: now,
        rootIds: ['m0'],
        currentLeafId: messages.at(-1)!.id,
      };
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('bedside-chats');
        request.onupgradeneeded = () => request.result.createObjectStore('records');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const transaction = database.transaction('records', 'readwrite');
      const records = transaction.objectStore('records');
      records.put(conversation, `conversation/${conversationId}`);
      for (const message of messages) records.put(message, `message/${conversationId}/${message.id}`);
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onerror = () => reject(transaction.error);
      });
      database.close();
    },
    [title, answers] as const,
  );
}
