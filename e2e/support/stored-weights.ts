/** What is in a profile's weight store, read behind the application's back. */
import { createHash } from 'node:crypto';
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';

export interface StoredChunk {
  index: number;
  /** What the manifest says of it; only such chunks are listed. */
  recorded: string;
  /** SHA-256 (hex) of what is there; null where nothing is. */
  actual: string | null;
}

export interface StoredFile {
  id: string;
  url: string;
  bytes: number;
  chunkBytes: number;
  complete: boolean;
  /** The chunks that count. */
  chunks: StoredChunk[];
  /** Of all chunks one after the other, of a complete file. */
  sha256: string | null;
  /** Of the beginnings of chunks that were kept for after a crash. */
  partBytes: number;
}

/**
 * A page of the site's origin in which nothing of the application runs: what is read in it stands still. It is in front: a page
 * behind it draws once a second, and each click in it takes as long.
 */
export async function quietPage(context: BrowserContext, siteUrl: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(new URL('models/catalogue.json', siteUrl).href);
  return page;
}

/** Every file of the store, or that from `url`, each of its chunks that count read and hashed in the page. */
export function readStoredFiles(page: Page, url?: string): Promise<StoredFile[]> {
  return page.evaluate(async wanted => {
    const names = (await indexedDB.databases()).map(({ name }) => name);
    if (!names.includes('bedside-weights')) return [];
    const settle = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const hash = async (data: ArrayBuffer) =>
      [...new Uint8Array(await crypto.subtle.digest('SHA-256', data))]
        .map(byte => byte.toString(16).padStart(2, '0'))
        .join('');
    const database = await settle(indexedDB.open('bedside-weights'));
    const records = () => database.transaction('records').objectStore('records');
    const keys = (await settle(records().getAllKeys())) as string[];
    const files: StoredFile[] = [];
    for (const key of keys.filter(each => each.endsWith('/manifest'))) {
      const manifest = await settle(records().get(key));
      const { id, url, bytes, chunkBytes, complete } = manifest;
      if (wanted !== undefined && url !== wanted) continue;
      const chunks: StoredChunk[] = [];
      const blobs: Blob[] = [];
      for (const [index, recorded] of (manifest.sha256 as string[]).entries()) {
        if (recorded === '') continue;
        const blob: Blob | undefined = await settle(records().get(`${id}/chunk/${index}`));
        chunks.push({ index, recorded, actual: blob ? await hash(await blob.arrayBuffer()) : null });
        if (blob) blobs.push(blob);
      }
      const sha256 = complete ? await hash(await new Blob(blobs).arrayBuffer()) : null;
      let partBytes = 0;
      for (const part of keys.filter(each => each.startsWith(`${id}/part/`))) {
        partBytes += (await settle<{ data: Uint8Array }>(records().get(part))).data.length;
      }
      files.push({ id, url, bytes, chunkBytes, complete, chunks, sha256, partBytes });
    }
    database.close();
    return files;
  }, url);
}

/** Turns one bit of a stored chunk over, as a failing disk might. */
export async function flipStoredByte(page: Page, url: string, index: number, offset: number): Promise<void> {
  const [file] = await readStoredFiles(page, url);
  if (!file) throw new Error(`${url} is not stored`);
  await page.evaluate(
    async ({ key, at }) => {
      const settle = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const database = await settle(indexedDB.open('bedside-weights'));
      const records = (mode: IDBTransactionMode) =>
        database.transaction('records', mode).objectStore('records');
      const blob: Blob = await settle(records('readonly').get(key));
      const data = new Uint8Array(await blob.arrayBuffer());
      data[at]! ^= 1;
      const changed = records('readwrite');
      changed.put(new Blob([data]), key);
      await new Promise<void>((resolve, reject) => {
        changed.transaction.oncomplete = () => resolve();
        changed.transaction.onabort = () => reject(changed.transaction.error);
      });
      database.close();
    },
    { key: `${file.id}/chunk/${index}`, at: offset },
  );
}

/** The chunks that count although their bytes are not the source's; there must never be one. */
export function wronglyMarked(file: StoredFile, source: Uint8Array): StoredChunk[] {
  return file.chunks.filter(({ index, recorded, actual }) => {
    const chunk = source.subarray(index * file.chunkBytes, (index + 1) * file.chunkBytes);
    const expected = sha256Hex(chunk);
    return recorded !== expected || actual !== expected;
  });
}

/** What lies under `url` is `source`, to the last bit, and nothing is left of the way there. */
export async function expectStored(page: Page, url: string, source: Uint8Array): Promise<void> {
  const [file] = await readStoredFiles(page, url);
  expect(file).toMatchObject({ complete: true, sha256: sha256Hex(source), partBytes: 0 });
  expect(wronglyMarked(file!, source)).toEqual([]);
}

export const sha256Hex = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
