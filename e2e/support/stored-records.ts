/** All records of a profile's conversations, behind the application's back. Bytes are in base64. */
import type { Page } from 'playwright-core';

export type StoredRecords = Record<string, Record<string, unknown>>;

/** A Blob as `{$blob, type}`, an ArrayBuffer as `{$bytes}`. */
type Encoded = { $blob: string; type: string } | { $bytes: string };

/** Puts them into a profile that holds no conversations yet, before the application starts there. */
export function storeRecords(page: Page, records: StoredRecords): Promise<void> {
  return page.evaluate(async entries => {
    const settle = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const bytesOf = (base64: string) => Uint8Array.from(atob(base64), letter => letter.charCodeAt(0)).buffer;
    const decode = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return value.map(decode);
      const encoded = value as Encoded;
      if ('$blob' in encoded) return new Blob([bytesOf(encoded.$blob)], { type: encoded.type });
      if ('$bytes' in encoded) return bytesOf(encoded.$bytes);
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, decode(inner)]));
    };
    const opening = indexedDB.open('bedside-chats');
    opening.onupgradeneeded = () => opening.result.createObjectStore('records');
    const database = await settle(opening);
    const transaction = database.transaction('records', 'readwrite');
    for (const [key, record] of entries) transaction.objectStore('records').put(decode(record), key);
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onerror = () => reject(transaction.error);
    });
    database.close();
  }, Object.entries(records));
}

export function readRecords(page: Page): Promise<StoredRecords> {
  return page.evaluate(async () => {
    const settle = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const base64Of = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
    const encode = async (value: unknown): Promise<unknown> => {
      if (value instanceof Blob) return { $blob: base64Of(await value.arrayBuffer()), type: value.type };
      if (value instanceof ArrayBuffer) return { $bytes: base64Of(value) };
      if (Array.isArray(value)) return Promise.all(value.map(encode));
      if (typeof value !== 'object' || value === null) return value;
      const fields = Object.entries(value).map(async ([name, inner]) => [name, await encode(inner)] as const);
      return Object.fromEntries(await Promise.all(fields));
    };
    const database = await settle(indexedDB.open('bedside-chats'));
    const records = database.transaction('records').objectStore('records');
    const [keys, values] = await Promise.all([settle(records.getAllKeys()), settle(records.getAll())]);
    database.close();
    const encoded = await Promise.all(values.map(encode));
    return Object.fromEntries(keys.map((key, i) => [String(key), encoded[i] as Record<string, unknown>]));
  });
}
