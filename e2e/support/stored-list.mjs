/**
 * Writes `count` conversations of one question and one answer, a day apart, and one of `turns` turns that is the latest, into the
 * profile behind the application's back. Synthetic text alone.
 */
export async function storeList(page, count, turns = 1) {
  await page.evaluate(
    async ({ count, turns }) => {
      const day = 24 * 60 * 60 * 1000;
      const start = Date.now() - (count + 1) * day;
      const records = [];
      for (let c = 0; c < count; c++) {
        const id = `c${c}`;
        const at = start + c * day;
        const length = c === count - 1 ? turns : 1;
        for (let turn = 0; turn < length; turn++) {
          const common = { v: 4, conversationId: id };
          records.push([
            `message/${id}/q${turn}`,
            {
              ...common,
              id: `q${turn}`,
              parentId: turn === 0 ? null : `a${turn - 1}`,
              role: 'user',
              text: `Question ${turn} of ${c}: what is known about it?`,
              createdAt: at + 2 * turn,
            },
          ]);
          records.push([
            `message/${id}/a${turn}`,
            {
              ...common,
              id: `a${turn}`,
              parentId: `q${turn}`,
              role: 'assistant',
              text: `Answer ${turn} of ${c} begins.\n\n${'- **Sign**: what is seen in it, in some words.\n'.repeat(1 + (turn % 7))}\nIt ends here.`,
              createdAt: at + 2 * turn + 1,
              model: 'Synthetic model',
              stopReason: 'end',
            },
          ]);
        }
        records.push([
          `conversation/${id}`,
          {
            v: 4,
            id,
            title: `Conversation ${c}`,
            createdAt: at,
            updatedAt: at + 2 * length,
            rootIds: ['q0'],
            currentLeafId: `a${length - 1}`,
          },
        ]);
      }
      const database = await new Promise((resolve, reject) => {
        const request = indexedDB.open('bedside-chats');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      await new Promise((resolve, reject) => {
        const transaction = database.transaction('records', 'readwrite');
        for (const [key, value] of records) transaction.objectStore('records').put(value, key);
        transaction.oncomplete = () => resolve(undefined);
        transaction.onerror = () => reject(transaction.error);
      });
      database.close();
    },
    { count, turns },
  );
}
