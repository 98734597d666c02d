import 'fake-indexeddb/auto';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { createStore, get } from 'idb-keyval';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { addMessage, createConversation } from './conversation-tree.ts';
import { createConversationStore } from './conversations.ts';
import { createWeightStore } from './create-weight-store.ts';
import { openDatabase } from './database.ts';
import type { StoredImage } from './images.ts';

const holdsBlob = (value: unknown): boolean =>
  value instanceof Blob ||
  (typeof value === 'object' && value !== null && Object.values(value).some(each => each instanceof Blob));

/** As in a private window of WebKit: a transaction into which a Blob is put is aborted, later or at once. */
function refuseBlobs(how: 'aborts' | 'throws'): { refused: number } {
  const { put } = IDBObjectStore.prototype;
  const seen = { refused: 0 };
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    if (!holdsBlob(value)) return put.call(this, value, key);
    seen.refused++;
    if (how === 'throws') throw new DOMException('BlobURLs are not yet supported.', 'DataCloneError');
    const request = put.call(this, 'nothing', key);
    this.transaction.abort();
    return request;
  } as typeof put);
  return seen;
}

const image: StoredImage = {
  v: 1,
  id: 'a'.repeat(64),
  conversationId: 'c',
  name: 'chest.png',
  mediaType: 'image/png',
  blob: new Blob(['pixels'], { type: 'image/png' }),
  width: 640,
  height: 480,
  isAnimated: false,
  createdAt: 1,
};

const bytes = 30_000;
const model = Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + (i >> 11)) & 255);

async function* pieces() {
  yield model.slice();
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(['aborts', 'throws'] as const)('a browser that %s where a Blob is stored', how => {
  test('keeps images, which are Blobs again when they are read', async () => {
    const seen = refuseBlobs(how);
    const store = createConversationStore();
    const { tree, message } = addMessage(createConversation({ id: 'c', now: 1 }), {
      id: 'q',
      parentId: null,
      role: 'user',
      text: 'q',
    });
    await store.saveMessage(tree.conversation, message);
    await store.saveImages(image, { ...image, id: 'b'.repeat(64) });
    expect(seen.refused).toBeGreaterThan(0);
    const { blob, ...facts } = (await createConversationStore().loadImage('c', image.id))!;
    expect(facts).toEqual({ ...image, blob: undefined });
    expect([blob.type, await blob.text()]).toEqual(['image/png', 'pixels']);
    await store.deleteConversation('c');
    expect(await store.loadImage('c', image.id)).toBeUndefined();
    await store.restoreConversation('c');
    expect(await (await store.loadImage('c', image.id))?.blob.text()).toBe('pixels');
  });

  test('keeps models, which are loaded, verified and exported from there', async () => {
    refuseBlobs(how);
    const chunkBytes = 8 * 2 ** 20;
    await createWeightStore().saveFile('m', pieces(), {
      url: 'https://bedside.test/m.gguf',
      bytes,
      chunkBytes,
    });
    const store = createWeightStore();
    const source = (await store.openFile('m'))!;
    expect(await source.read(1000, 5000)).toEqual(model.slice(1000, 6000));
    expect(await store.verifyFile('m')).toEqual([]);
    const exported = await store.fileBlob('m');
    expect(new Uint8Array(await exported!.arrayBuffer())).toEqual(model);
  });

  test('keeps what is written by a change of what was there', async () => {
    refuseBlobs(how);
    const database = openDatabase('bedside-chats');
    await database.setMany([['draft', { text: 'before' }]]);
    await database.update(['draft'], ([old]) => [['draft', { ...(old as object), blob: image.blob }]]);
    const [value] = (await database.getByPrefix('draft')) as { text: string; blob: Blob }[];
    expect(value?.text).toBe('before');
    expect(await value?.blob.text()).toBe('pixels');
  });
});

test('a browser that takes Blobs gets them, and no second attempt', async () => {
  const put = vi.spyOn(IDBObjectStore.prototype, 'put');
  await createConversationStore().saveImages(image);
  expect(put).toHaveBeenCalledTimes(1);
  const stored = await get<StoredImage>(`image/c/${image.id}`, createStore('bedside-chats', 'records'));
  expect(stored?.blob).toBeInstanceOf(Blob);
});

test('a full disk is not tried again with bytes', async () => {
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('', 'QuotaExceededError');
  });
  await expect(createConversationStore().saveImages(image)).rejects.toMatchObject({ code: 'storage-full' });
  expect(put).toHaveBeenCalledTimes(1);
});

test('a browser that stores neither says so as before', async () => {
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('refused', 'UnknownError');
  });
  await expect(createConversationStore().saveImages(image)).rejects.toMatchObject({
    code: 'storage-unavailable',
    cause: 'UnknownError: refused',
  });
});
