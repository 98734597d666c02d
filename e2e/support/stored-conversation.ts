import type { Page } from 'playwright-core';

export interface StoredTurn {
  question: string;
  answer: string;
  /**
   * A grey picture of this size goes with the question; with a rectangle that the reader marked on it, the answer has seen it, and the
   * rectangle is black.
   */
  image?: {
    name: string;
    width: number;
    height: number;
    mark?: { x: number; y: number; width: number; height: number };
  };
}

/** Writes a conversation into the profile behind the application's back, as it would have been stored. Synthetic text alone. */
export async function storeConversation(page: Page, title: string, turns: StoredTurn[]): Promise<void> {
  await page.evaluate(
    async ({ title, turns }) => {
      const visionOf = ({ id, width, height }: { id: string; width: number; height: number }) => {
        const view = { name: 'overview', rectangle: { x: 0, y: 0, width, height }, grid: [1, 1] };
        const tile = { tile: { width: 112, height: 112 }, tokens: 16, isCompressible: false };
        const images = [{ id, views: [{ ...view, ...tile }], keptTokens: 16, cached: false }];
        return { images, decodeMs: 1, encodeMs: 1, compressed: false };
      };
      const start = Date.UTC(2026, 10, 3, 9, 30);
      const id = 'stored-conversation';
      const records: [string, unknown][] = [];
      let parentId: string | null = null;
      for (const [place, { question, answer, image }] of turns.entries()) {
        const at = start + place * 60_000;
        const images = [];
        const { mark } = image ?? {};
        if (image) {
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext('2d')!;
          context.fillStyle = `rgb(${40 + place * 5} 120 120)`;
          context.fillRect(0, 0, image.width, image.height);
          context.fillStyle = '#000';
          if (mark) context.fillRect(mark.x, mark.y, mark.width, mark.height);
          const blob = await canvas.convertToBlob({ type: 'image/png' });
          const imageId = place.toString(16).padStart(64, '0');
          const { name, width, height } = image;
          const region = { number: 1, note: 'this one', frame: 0, shape: { kind: 'box', extent: mark } };
          images.push({ id: imageId, name, width, height, ...(mark && { regions: [region] }) });
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
        const message = { v: mark ? 4 : 1, conversationId: id };
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
            ...(mark && { vision: visionOf(images[0]!) }),
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
