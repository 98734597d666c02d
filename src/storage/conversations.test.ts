import 'fake-indexeddb/auto';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { createStore, keys, set } from 'idb-keyval';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { migrateConversation, migrateMessage } from './conversation-records.ts';
import {
  addMessage,
  type ConversationTree,
  createConversation,
  findMessage,
  replaceMessage,
} from './conversation-tree.ts';
import { type ConversationStore, createConversationStore } from './conversations.ts';

let store: ConversationStore;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  store = createConversationStore();
});

afterEach(() => {
  vi.restoreAllMocks();
});

const records = () => createStore('bedside-chats', 'records');

function conversationOf(id: string, now: number, ...texts: string[]): ConversationTree {
  let tree = createConversation({ id, title: `About ${id}`, now });
  for (const [i, text] of texts.entries()) {
    const role = i % 2 === 0 ? 'user' : 'assistant';
    tree = addMessage(tree, {
      id: `${id}-${i}`,
      parentId: tree.conversation.currentLeafId,
      role,
      text,
      now: now + i,
    }).tree;
  }
  return tree;
}

const save = ({ conversation, messages }: ConversationTree) => store.saveMessage(conversation, ...messages);

test('loads what was saved, in order of creation', async () => {
  // Ids against the order of creation: a database returns its keys sorted.
  let tree = createConversation({ id: 'c', now: 1 });
  for (const id of ['z', 'm', 'a']) {
    tree = addMessage(tree, {
      id,
      parentId: tree.conversation.currentLeafId,
      role: 'user',
      text: id,
      now: 1,
    }).tree;
  }
  await save(tree);
  expect(await store.loadConversation('c')).toEqual(tree);
  expect(await store.loadConversation('other')).toBeUndefined();
});

test('lists the conversation changed last first, and reads no messages for it', async () => {
  await save(conversationOf('old', 1000, 'q'));
  await save(conversationOf('new', 3000, 'q'));
  await save(conversationOf('middle', 2000, 'q'));
  const getAll = vi.spyOn(IDBObjectStore.prototype, 'getAll');
  expect((await store.listConversations()).map(({ id }) => id)).toEqual(['new', 'middle', 'old']);
  expect(getAll).toHaveBeenCalledTimes(1);
  expect(getAll.mock.calls[0]?.[0]).toMatchObject({ lower: 'conversation/' });
});

test('a growing answer rewrites only itself and the index', async () => {
  const tree = conversationOf('c', 1, 'q', '');
  await save(tree);
  const grown = replaceMessage(tree, {
    ...findMessage(tree, 'c-1')!,
    text: 'partial',
    stopReason: 'aborted',
  });
  const put = vi.spyOn(IDBObjectStore.prototype, 'put');
  await store.saveMessage(grown.conversation, grown.messages[1]!);
  expect(put.mock.calls.map(([, key]) => key)).toEqual(['conversation/c', 'message/c/c-1']);
  expect(await store.loadConversation('c')).toEqual(grown);
});

test.each([
  ['QuotaExceededError', 'storage-full'],
  ['UnknownError', 'storage-unavailable'],
])('saves message and index together or not at all (%s)', async (name, code) => {
  const tree = conversationOf('c', 1, 'q');
  await save(tree);
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    if (String(key) === 'message/c/later') throw new DOMException('injected', name);
    return put.call(this, value, key);
  } as typeof put);
  const later = addMessage(tree, { id: 'later', parentId: 'c-0', role: 'assistant', text: '' });
  await expect(store.saveMessage(later.tree.conversation, later.message)).rejects.toMatchObject({ code });
  expect(await store.loadConversation('c')).toEqual(tree);
});

test('deletes a conversation with all its messages and restores it exactly', async () => {
  const tree = conversationOf('c', 1, 'q', 'a');
  const neighbour = conversationOf('c2', 2, 'q');
  await save(tree);
  await save(neighbour);
  const deleted = await store.deleteConversation('c');
  expect(deleted).toEqual({ ...tree, images: [] });
  expect(await keys(records())).toEqual(['conversation/c2', 'message/c2/c2-0']);
  expect(await store.deleteConversation('c')).toBeUndefined();
  await store.restoreConversation(deleted!);
  expect(await store.loadConversation('c')).toEqual(tree);
  expect(await store.loadConversation('c2')).toEqual(neighbour);
});

test('saving keeps what another tab has written of the same conversation', async () => {
  const mine = conversationOf('c', 1, 'q');
  await save(mine);
  const theirs = addMessage(mine, { id: 'theirs', parentId: null, role: 'user', text: 'edited', now: 9 });
  await store.saveMessage(theirs.tree.conversation, theirs.message);
  await store.renameConversation('c', 'Asthma');
  const next = addMessage(mine, { id: 'a', parentId: 'c-0', role: 'assistant', text: 'answer', now: 5 });
  await store.saveMessage(next.tree.conversation, next.message);
  const stored = await store.loadConversation('c');
  expect(stored?.messages.map(({ id }) => id)).toEqual(['c-0', 'a', 'theirs']);
  expect(stored?.conversation).toMatchObject({
    title: 'Asthma',
    updatedAt: 9,
    rootIds: ['c-0', 'theirs'],
    currentLeafId: 'a',
  });
});

test('renames what is stored and creates nothing', async () => {
  const tree = conversationOf('c', 1, 'q');
  await save(tree);
  await store.renameConversation('c', 'Asthma');
  await store.renameConversation('other', 'Nothing');
  const renamed = { ...tree.conversation, title: 'Asthma' };
  expect(await store.listConversations()).toEqual([renamed]);
  expect(await store.loadConversation('c')).toEqual({ ...tree, conversation: renamed });
});

test('clears everything', async () => {
  await save(conversationOf('c', 1, 'q'));
  await store.clearAll();
  expect(await keys(records())).toEqual([]);
});

test('leaves out records that it cannot read, and leaves them where they are', async () => {
  const tree = conversationOf('c', 1, 'q');
  await save(tree);
  await set('conversation/future', { ...tree.conversation, v: 2, id: 'future' }, records());
  await set('message/c/future', { ...tree.messages[0], v: 2, id: 'future' }, records());
  await set('message/c/damaged', { v: 1, id: 'damaged' }, records());
  expect((await store.listConversations()).map(({ id }) => id)).toEqual(['c']);
  expect(await store.loadConversation('c')).toEqual(tree);
  expect(await store.loadConversation('future')).toBeUndefined();
  expect(await keys(records())).toHaveLength(5);
});

const image = { id: 'a'.repeat(64), name: 'scan.png', width: 640, height: 480 };
const imageUse = {
  id: image.id,
  detailed: [4, 3],
  adaptive: [3, 2],
  tiles: 19,
  visualTokens: 4864,
  keptTokens: 3328,
  cached: false,
};
const vision = { images: [imageUse], decodeMs: 1, encodeMs: 2, compressed: true };

test('reads every field that version 1 can have', () => {
  const conversation = {
    v: 1,
    id: 'c',
    title: 'Asthma',
    createdAt: 1,
    updatedAt: 2,
    modelId: 'nano-chat',
    rootIds: ['m'],
    currentLeafId: 'm',
  };
  const message = {
    v: 1,
    id: 'm',
    conversationId: 'c',
    parentId: null,
    role: 'assistant',
    text: 'Asthma is …',
    createdAt: 2,
    stopReason: 'end',
    usage: { promptTokens: 1 },
    model: 'nano-chat',
    modelKey: 'nano-chat sha256:00',
    modelKind: 'demonstration',
    droppedMessages: 0,
    contextTokens: 2048,
    usedTokens: 90,
    readAlone: true,
    vision: { ...vision, tileSize: 448 },
    withoutImages: true,
    error: { code: 'device-lost', message: 'm', advice: 'a' },
  };
  expect(migrateConversation(conversation)).toEqual(conversation);
  expect(migrateMessage(message)).toEqual(message);
  const question = {
    v: 1,
    id: 'q',
    conversationId: 'c',
    parentId: null,
    role: 'user',
    text: '',
    createdAt: 1,
  };
  expect(migrateMessage({ ...question, images: [image] })).toEqual({ ...question, images: [image] });
});

test.each([
  ['nothing', undefined],
  ['a text', 'v1'],
  ['a record without a version', { id: 'c' }],
  ['a record of version 0', { v: 0 }],
])('does not take %s for a record', (_, record) => {
  expect(migrateConversation(record)).toBeUndefined();
  expect(migrateMessage(record)).toBeUndefined();
});

test.each([
  ['a role that is unknown', { role: 'system' }],
  ['a parent that is no id', { parentId: 5 }],
  ['images that are no list', { images: image }],
  ['an image without a name', { images: [{ ...image, name: undefined }] }],
  ['an image without a size', { images: [{ ...image, width: 0 }] }],
  ['a model of an unknown kind', { modelKind: 'good' }],
  ['a model whose key is no text', { modelKey: 1 }],
  ['vision that is none', { vision: [] }],
  ['vision of tiles without a size', { vision: { ...vision, tileSize: 0 } }],
  [
    'vision of an image with half a grid',
    { vision: { ...vision, images: [{ ...imageUse, detailed: [4] }] } },
  ],
  ['vision without figures', { vision: { ...vision, images: [{ ...imageUse, keptTokens: null }] } }],
  ['an error that is none', { error: 'failed' }],
  ['an error code that is unknown', { error: { code: 'x', message: '', advice: '' } }],
])('does not take a message with %s', (_, wrong) => {
  const message = {
    v: 1,
    id: 'm',
    conversationId: 'c',
    parentId: null,
    role: 'user',
    text: '',
    createdAt: 1,
  };
  expect(migrateMessage(message)).toBeDefined();
  expect(migrateMessage({ ...message, ...wrong })).toBeUndefined();
});
