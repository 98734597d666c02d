import type { Page } from 'playwright-core';

/** Whether bytes lie anywhere in the profile's IndexedDB: in files, in bytes of records, in their texts. */
export function isStoredAnywhere(page: Page, sought: readonly Uint8Array[]): Promise<boolean[]> {
  return page.evaluate(
    async needles => {
      const settle = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      // Every byte is a character of its own, so that a search for text is one for bytes.
      const decoder = new TextDecoder('latin1');
      const asText = (bytes: ArrayBuffer | Uint8Array) => decoder.decode(bytes);
      const wanted = needles.map(bytes => asText(Uint8Array.from(bytes)));
      const found = wanted.map(() => false);
      const look = (text: string) => {
        wanted.forEach((needle, at) => {
          if (text.includes(needle)) found[at] = true;
        });
      };
      const walk = async (value: unknown): Promise<void> => {
        if (typeof value === 'string') look(asText(new TextEncoder().encode(value)));
        else if (value instanceof Blob) look(asText(await value.arrayBuffer()));
        else if (value instanceof ArrayBuffer) look(asText(value));
        else if (ArrayBuffer.isView(value))
          look(asText(new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength)));
        else if (typeof value === 'object' && value !== null)
          for (const each of Object.values(value)) await walk(each);
      };
      for (const { name } of await indexedDB.databases()) {
        const database = await settle(indexedDB.open(name!));
        for (const store of database.objectStoreNames) {
          const keys = await settle(database.transaction(store).objectStore(store).getAllKeys());
          for (const key of keys)
            await walk(await settle(database.transaction(store).objectStore(store).get(key)));
        }
        database.close();
      }
      return found;
    },
    sought.map(bytes => [...bytes]),
  );
}
