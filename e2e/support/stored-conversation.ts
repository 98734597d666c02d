import type { Page } from 'playwright-core';

export interface StoredTurn {
  question: string;
  answer: string;
  /** A grey picture of this size goes with the question. */
  image?: { name: string; width: number; height: number };
}

/** Writes a conversation into the profile behind the application's back, as it would have been stored. Synthetic text alone. */
export async function storeConversation(page: Page, title: string, turns: StoredTurn[]): Promise<void> {
  await page.evaluate(
    async ({ title, turns }) => {
      const start = Date.UTC(2026, 10, 3, 9, 30);
      const id = 'stored-conversation';
      const records: [string, unknown][] = [];
      let parentId: string | null = null;
      for (const [place, { question, answer, image }] of turns.entries()) {
        const at = start + place * 60_000;
        const images = [];
        if (image) {
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext('2d')!;
          context.fillStyle = `rgb(${40 + place * 5} 120 120)`;
          context.fillRect(0, 0, image.width, image.height);
          const blob = await canvas.convertToBlob({ type: 'image/png' });
          const imageId = place.toString(16).padStart(64, '0');
          const { name, width, height } = image;
          images.push({ id: imageId, name, width, height });
          records.push([
            `image/${id}/${imageId}`,
            {
              v: 1,
              id: imageId,
              conversationId: id,
              name,
              mediaType: 'image/png',
              blob,
              width,
              height,
              isAnimated: false,
              createdAt: at,
            },
          ]);
        }
        const message = { v: 1, conversationId: id };
        const [q, a]: [string, string] = [`q${place}`, `a${place}`];
        records.push([
          `message/${id}/${q}`,
          {
            ...message,
            id: q,
            parentId,
            role: 'user',
            text: question,
            createdAt: at,
            ...(image ? { images } : {}),
          },
        ]);
        records.push([
          `message/${id}/${a}`,
          {
            ...message,
            id: a,
            parentId: q,
            role: 'assistant',
            text: answer,
            createdAt: at + 1,
            model: 'Synthetic model',
            stopReason: 'end',
          },
        ]);
        parentId = a;
      }
      records.push([
        `conversation/${id}`,
        {
          v: 1,
          id,
          title,
          createdAt: start,
          updatedAt: start + 1,
          rootIds: ['q0'],
          currentLeafId: parentId,
        },
      ]);
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
    },
    { title, turns },
  );
}
