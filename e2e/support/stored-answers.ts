import type { Locator, Page } from 'playwright-core';

/** So many are in one conversation: it is built whole, and so no answer of it waits to be near. */
const most = 20;

/** Puts conversations into a profile behind the application's back: a question and an answer for each text. */
export async function storeAnswers(page: Page, title: string, answers: readonly string[]): Promise<void> {
  for (let first = 0; first < answers.length; first += most)
    await storeConversation(page, idOf(first), nameOf(title, first), answers.slice(first, first + most));
}

const idOf = (index: number) => String(Math.floor(index / most)).padStart(32, '0');
const nameOf = (title: string, index: number) => `${title} ${Math.floor(index / most) + 1}`;

/** The answer of a place among those that were stored, in its conversation, which is opened. */
export async function openAnswer(page: Page, title: string, index: number): Promise<Locator> {
  const name = nameOf(title, index);
  // By its address: on a telephone the list is out of sight.
  await page.evaluate(id => {
    location.hash = `#/c/${id}`;
  }, idOf(index));
  await page
    .locator('.message-user', { hasText: `Of ${name}: ` })
    .first()
    .waitFor();
  // It is built from its end, a few at a time.
  await page.locator('.messages-far').first().waitFor({ state: 'detached' });
  return page.getByRole('article', { name: 'Answer' }).nth(index % most);
}

async function storeConversation(
  page: Page,
  id: string,
  title: string,
  answers: readonly string[],
): Promise<void> {
  await page.evaluate(
    async ([conversationId, title, answers]) => {
      const now = Date.now();
      const messages = answers.flatMap((text, index) =>
        [`Of ${title}: ${index + 1}`, text].map((text, part) => {
          const at = 2 * index + part;
          return {
            v: 1,
            id: `${title} m${at}`,
            conversationId,
            parentId: at === 0 ? null : `${title} m${at - 1}`,
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
        rootIds: [`${title} m0`],
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
    [id, title, answers] as const,
  );
}
