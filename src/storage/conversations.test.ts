import 'fake-indexeddb/auto';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { createStore, get, keys, set } from 'idb-keyval';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
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
/** What is not in the bin. */
const liveKeys = async () =>
  (await keys<string>(records())).filter(key => !key.startsWith('bin/') && !key.startsWith('binned/'));

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
  expect(deleted).toEqual(tree);
  expect((await liveKeys()).sort()).toEqual(['conversation/c2', 'message/c2/c2-0']);
  expect(await store.deleteConversation('c')).toBeUndefined();
  await store.restoreConversation('c');
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

test('a conversation of a later version is listed and read, and not written to', async () => {
  const tree = conversationOf('c', 1, 'q');
  await save(tree);
  const later = { ...tree.conversation, v: 5, rootIds: { first: 'c-0' } };
  await set('conversation/c', later, records());
  expect(await store.listConversations()).toMatchObject([
    { id: 'c', title: 'About c', condition: 'later-version' },
  ]);
  const found = await store.loadConversation('c');
  expect(found?.messages).toEqual(tree.messages);
  await expect(save(found!)).rejects.toMatchObject({ code: 'invalid-request' });
  await expect(store.renameConversation('c', 'x')).rejects.toMatchObject({ code: 'invalid-request' });
  expect(await get('conversation/c', records())).toEqual(later);
});

test('what cannot be read whole is kept as it was when it is written over, and goes with the rest', async () => {
  const tree = conversationOf('c', 1, 'q', 'a');
  await save(tree);
  const index = { ...tree.conversation, title: 5 };
  const message = { ...tree.messages[1], usage: {}, more: 'of another version' };
  await set('conversation/c', index, records());
  await set('message/c/c-1', message, records());
  const found = (await store.loadConversation('c'))!;
  expect(found.conversation).toMatchObject({ title: 'Untitled conversation', condition: 'damaged' });
  expect(found.messages[1]).toEqual({ ...tree.messages[1], condition: 'damaged' });
  await store.saveMessage(found.conversation, { ...found.messages[1]!, text: 'new' });
  expect(await get('original/conversation/c', records())).toEqual(index);
  expect(await get('original/message/c/c-1', records())).toEqual(message);
  const mended = (await store.loadConversation('c'))!;
  expect(mended.conversation).not.toHaveProperty('condition');
  expect(mended.messages[1]).toEqual({ ...tree.messages[1], text: 'new' });
  const before = (await keys(records())).sort();
  await store.deleteConversation('c');
  expect(await liveKeys()).toEqual([]);
  await store.restoreConversation('c');
  expect((await keys(records())).sort()).toEqual(before);
  expect(await get('original/message/c/c-1', records())).toEqual(message);
});

test('a damaged conversation that is deleted is put back exactly as it was', async () => {
  const tree = conversationOf('c', 1, 'q', 'a');
  await save(tree);
  await set('message/c/c-1', 'a bare text', records());
  await set('conversation/c', null, records());
  await store.deleteConversation('c');
  expect(await liveKeys()).toEqual([]);
  await store.restoreConversation('c');
  expect(await get('message/c/c-1', records())).toBe('a bare text');
  expect(await get('conversation/c', records())).toBeNull();
});

test('what is stored of a conversation comes back as it lay, in another browser too, and never over another one', async () => {
  await save(conversationOf('c', 1, 'question', 'answer'));
  await save(conversationOf('other', 5, 'question'));
  await set('message/c/later', { v: 99, id: 'later', laterField: [1] }, records());
  const blob = new Blob(['pixels']);
  const image = {
    v: 1,
    id: 'i',
    conversationId: 'c',
    name: 'a',
    mediaType: 'image/png',
    blob,
    width: 1,
    height: 1,
  };
  await set('image/c/i', image, records());
  const stored = (await store.readRecords('c'))!;
  expect(stored.messages.map(([id]) => id)).toEqual(['c-0', 'c-1', 'later']);
  expect(stored.messages[2]![1]).toEqual({ v: 99, id: 'later', laterField: [1] });
  expect(await store.readRecords('nobody')).toBeUndefined();

  const free = { ...stored, id: 'free', index: { ...(stored.index as object), id: 'free' } };
  await expect(store.addConversations([free, stored])).rejects.toMatchObject({ code: 'busy' });
  expect(await store.loadConversation('free')).toBeUndefined();

  const before = await store.loadConversation('c');
  globalThis.indexedDB = new IDBFactory();
  store = createConversationStore();
  await store.addConversations([stored, { ...stored, id: 'free', index: free.index }]);
  expect(await store.loadConversation('c')).toEqual(before);
  expect(await store.readRecords('c')).toEqual(stored);
  expect(await store.listConversations()).toHaveLength(2);
});
