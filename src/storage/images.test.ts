import 'fake-indexeddb/auto';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { createStore, get, keys, set } from 'idb-keyval';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addMessage, createConversation } from './conversation-tree.ts';
import { type ConversationStore, createConversationStore } from './conversations.ts';
import { readImage, type StoredImage } from './images.ts';

let store: ConversationStore;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  store = createConversationStore();
});

afterEach(() => {
  vi.restoreAllMocks();
});

const records = () => createStore('bedside-chats', 'records');

function imageOf(conversationId: string, digit: string, text = digit): StoredImage {
  return {
    v: 1,
    id: digit.repeat(64),
    conversationId,
    name: `${digit}.png`,
    mediaType: 'image/png',
    blob: new Blob([text], { type: 'image/png' }),
    width: 640,
    height: 480,
    isAnimated: false,
    createdAt: 1,
  };
}

async function saveQuestion(id: string): Promise<void> {
  const { tree, message } = addMessage(createConversation({ id, now: 1 }), {
    id: 'q',
    parentId: null,
    role: 'user',
    text: 'q',
  });
  await store.saveMessage(tree.conversation, message);
}

const textOf = async (conversationId: string, digit: string) =>
  (await store.loadImage(conversationId, digit.repeat(64)))?.blob.text();

test('an image is there again after a reload, whole, and only in its conversation', async () => {
  const image = imageOf('c', 'a', 'pixels');
  await store.saveImages(image);
  store = createConversationStore();
  const { blob, ...facts } = (await store.loadImage('c', image.id))!;
  expect(facts).toEqual({ ...image, blob: undefined });
  expect([blob.type, await blob.text()]).toEqual(['image/png', 'pixels']);
  expect(await store.loadImage('other', image.id)).toBeUndefined();
  expect(await store.loadImage('c', 'b'.repeat(64))).toBeUndefined();
});

test('an image does not make a conversation, and is no message of one', async () => {
  await store.saveImages(imageOf('c', 'a'));
  expect(await store.listConversations()).toEqual([]);
  await saveQuestion('c');
  expect((await store.loadConversation('c'))?.messages.map(({ id }) => id)).toEqual(['q']);
});

test('images go with their conversation and come back with it; those of others stay', async () => {
  await saveQuestion('c');
  await saveQuestion('c2');
  await store.saveImages(imageOf('c', 'a', 'first'), imageOf('c', 'b', 'second'));
  await store.saveImages(imageOf('c2', 'a', 'other'));
  await set('image/c/damaged', { v: 1 }, records());
  const deleted = await store.deleteConversation('c');
  expect(deleted?.messages).toHaveLength(1);
  expect(await store.loadImage('c', 'a'.repeat(64))).toBeUndefined();
  await store.restoreConversation('c');
  expect([await textOf('c', 'a'), await textOf('c', 'b')]).toEqual(['first', 'second']);
  expect((await store.loadConversation('c'))?.messages).toHaveLength(1);
  expect(await textOf('c2', 'a')).toBe('other');
  expect(await get('image/c/damaged', records())).toEqual({ v: 1 });
});

test('clearing everything clears the images', async () => {
  await store.saveImages(imageOf('c', 'a'));
  await store.clearAll();
  expect(await keys(records())).toEqual([]);
});

test('a full disk stores all images of a question or none', async () => {
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    if (String(key).endsWith('b')) throw new DOMException('injected', 'QuotaExceededError');
    return put.call(this, value, key);
  } as typeof put);
  await expect(store.saveImages(imageOf('c', 'a'), imageOf('c', 'b'))).rejects.toMatchObject({
    code: 'storage-full',
  });
  expect(await keys(records())).toEqual([]);
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['bytes that are no blob', { ...imageOf('c', 'a'), blob: new Uint8Array(3) }],
  ['an empty blob', { ...imageOf('c', 'a'), blob: new Blob([]) }],
])('%s is no image', (_, record) => {
  expect(readImage(record, 'c', 'a'.repeat(64))).toBeUndefined();
});

test.each<[string, unknown]>([
  ['v', 2],
  ['id', 'a'],
  ['conversationId', undefined],
  ['width', 0],
  ['height', 1.5],
  ['name', null],
  ['mediaType', undefined],
  ['isAnimated', undefined],
  ['createdAt', 'now'],
])('pixels are shown whatever else the record lacks: %s %j', (field, wrong) => {
  const image = imageOf('c', 'a');
  const found = readImage({ ...image, [field]: wrong }, 'c', image.id);
  expect(found?.blob).toBe(image.blob);
  expect(Object.keys(found ?? {}).sort()).toEqual(Object.keys(image).sort());
  for (const [name, value] of Object.entries(found ?? {}))
    expect(typeof value).toBe(typeof image[name as 'id']);
});
