import type { Page } from 'playwright-core';

/** Visual tokens of an image, as they lie in a profile. */
export interface StoredFeatures {
  /** SHA-256 (hex) of the file. */
  imageId: string;
  /** [tokens, projected] f16. */
  halves: Uint16Array;
}

/** Those of every image that was asked about, read behind the application's back. */
export async function readFeatures(page: Page): Promise<StoredFeatures[]> {
  const found = await page.evaluate(async () => {
    const settle = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await settle(indexedDB.open('bedside-image-features'));
    const range = IDBKeyRange.bound('values/', 'values/\uffff');
    const records = database.transaction('records').objectStore('records');
    const [keys, values] = await Promise.all([
      settle(records.getAllKeys(range)),
      settle(records.getAll(range)) as Promise<Uint16Array[]>,
    ]);
    database.close();
    return keys.map((key, i) => ({ key: String(key), numbers: [...values[i]!] }));
  });
  return found.map(({ key, numbers }) => ({
    imageId: key.split('/')[1]!,
    halves: Uint16Array.from(numbers),
  }));
}
