import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { createStore, entries, keys, set } from 'idb-keyval';
import { beforeEach, expect, test } from 'vitest';
import { sampleRecords } from '../../test/support/conversation-records.ts';
import { binDays } from './bin.ts';
import { type ConversationStore, createConversationStore } from './conversations.ts';
import { createDraftRecords } from './drafts.ts';

const day = 24 * 60 * 60 * 1000;
let store: ConversationStore;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  store = createConversationStore();
  await store.addConversations([sampleRecords('one'), sampleRecords('two')]);
});

const records = () => createStore('bedside-chats', 'records');
const all = () => entries<string, unknown>(records());
const keysOf = async (id: string) => (await keys<string>(records())).filter(key => key.includes(id));

test('what is deleted lies in the bin: not listed, not opened, its images not found', async () => {
  const before = await store.loadConversation('one');
  await store.deleteConversation('one', 5 * day);
  expect(await store.listBin()).toEqual([
    { v: 1, id: 'one', title: before!.conversation.title, binnedAt: 5 * day },
  ]);
  expect((await store.listConversations()).map(({ id }) => id)).toEqual(['two']);
  expect(await store.loadConversation('one')).toBeUndefined();
  const [image] = sampleRecords('one').images;
  expect(await store.loadImage('one', image![0])).toBeUndefined();
});

test('out of the bin it is what it was, record for record', async () => {
  await set('message/one/odd', 'a bare text', records());
  const before = await all();
  const tree = await store.loadConversation('one');
  await store.deleteConversation('one');
  expect(await createConversationStore().restoreConversation('one')).toEqual(tree);
  expect(await all()).toEqual(before);
  expect(await store.listBin()).toEqual([]);
  expect(await store.restoreConversation('one')).toBeUndefined();
});

test('after thirty days nothing of it is left, and before that nothing is lost', async () => {
  await createDraftRecords().saveDraft({
    conversationId: 'one',
    content: { text: 'waits', images: [], edits: {} },
    added: new Map(),
    seen: null,
  });
  await store.deleteConversation('one', day);
  await store.deleteConversation('two', 3 * day);
  await store.emptyBin(day + binDays * day - 1);
  expect((await store.listBin()).map(({ id }) => id)).toEqual(['two', 'one']);
  await store.emptyBin(day + binDays * day);
  expect(await keysOf('one')).toEqual([]);
  expect((await store.listBin()).map(({ id }) => id)).toEqual(['two']);
  await store.deleteForGood(['two']);
  expect(await all()).toEqual([]);
});

test('wiping everything wipes the bin', async () => {
  await store.deleteConversation('one');
  await store.clearAll();
  expect(await all()).toEqual([]);
});

test('deleted, brought in again and deleted again, it is in the bin as it was last', async () => {
  await store.deleteConversation('one', day);
  const { messages, ...rest } = sampleRecords('one');
  await store.addConversations([{ ...rest, messages: messages.slice(0, 1) }]);
  await store.deleteConversation('one', 2 * day);
  expect(await store.listBin()).toMatchObject([{ id: 'one', binnedAt: 2 * day }]);
  expect((await store.restoreConversation('one'))?.messages).toHaveLength(1);
});

test('restored beside what was brought in again since, it adds what is missing and replaces nothing', async () => {
  await store.deleteConversation('one');
  const { messages, ...rest } = sampleRecords('one');
  await store.addConversations([{ ...rest, messages: messages.slice(0, 1) }]);
  await store.renameConversation('one', 'Brought in');
  const restored = await store.restoreConversation('one');
  expect(restored?.conversation.title).toBe('Brought in');
  expect(restored?.messages).toHaveLength(messages.length);
  expect(await store.listBin()).toEqual([]);
});

test('a record of the bin that cannot be read is listed, and can be deleted', async () => {
  await store.deleteConversation('one');
  await set('binned/one', 'damaged', records());
  expect(await store.listBin()).toMatchObject([{ id: 'one', title: 'Untitled conversation', binnedAt: 0 }]);
  await store.deleteForGood(['one']);
  expect(await keysOf('one')).toEqual([]);
});

test('what belongs to no conversation is deleted at once', async () => {
  await set('message/lost/m', { text: 'x' }, records());
  expect(await store.deleteConversation('lost')).toBeUndefined();
  expect(await keysOf('lost')).toEqual([]);
});
