import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { createStore, get, set } from 'idb-keyval';
import { beforeEach, expect, test } from 'vitest';
import { sampleRecords } from '../../test/support/conversation-records.ts';
import { readConversation } from './conversation-records.ts';
import { addMessage } from './conversation-tree.ts';
import { type ConversationStore, createConversationStore } from './conversations.ts';
import { longestTag, mostTags, tidyTags } from './filing.ts';

let store: ConversationStore;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  store = createConversationStore();
  await store.addConversations([sampleRecords('one'), sampleRecords('two')]);
});

const records = () => createStore('bedside-chats', 'records');
const filingOf = async (id: string) => (await store.loadConversation(id))?.conversation.filing;

test('several are filed at once, and what says nothing is not stored', async () => {
  const before = await get('conversation/one', records());
  const filed = await store.fileConversations(['one', 'none', 'two'], filing => ({
    ...filing,
    isPinned: true,
    isArchived: false,
    tags: ['ward 3'],
  }));
  expect(filed.map(({ id, filing }) => [id, filing])).toEqual([
    ['one', { isPinned: true, tags: ['ward 3'] }],
    ['two', { isPinned: true, tags: ['ward 3'] }],
  ]);
  await store.fileConversations(['one'], () => ({ tags: [] }));
  expect(await get('conversation/one', records())).toEqual(before);
  expect(await filingOf('two')).toEqual({ isPinned: true, tags: ['ward 3'] });
});

test('a message that is saved where the filing is not known leaves it', async () => {
  const tree = (await store.loadConversation('one'))!;
  await store.fileConversations(['one'], () => ({ isArchived: true }));
  const { message, tree: next } = addMessage(tree, { parentId: null, role: 'user', text: 'more' });
  const stored = await store.saveMessage({ ...next.conversation, filing: { isPinned: true } }, message);
  expect(stored.filing).toEqual({ isArchived: true });
  expect((await store.renameConversation('one', 'New'))?.filing).toEqual({ isArchived: true });
});

test('filing loses nothing of a record of a later version, nor of a damaged one', async () => {
  for (const record of [
    { v: 99, id: 'one', title: 'Later', more: { a: 1 } },
    { v: 4, id: 'one', title: 5, more: { a: 1 } },
  ]) {
    await set('conversation/one', record, records());
    await store.fileConversations(['one'], () => ({ isPinned: true }));
    expect(await get('conversation/one', records())).toEqual({ ...record, filing: { isPinned: true } });
  }
  await set('conversation/one', 'nothing that can be filed', records());
  expect(await store.fileConversations(['one'], () => ({ isPinned: true }))).toEqual([]);
  expect(await get('conversation/one', records())).toBe('nothing that can be filed');
});

test.each([
  [{ isPinned: 'yes', isArchived: true }, { isArchived: true }],
  [{ tags: [' a  b ', 'A B', '', 'c'] }, { tags: ['a b', 'c'] }],
  [{ tags: [1] }, {}],
])('a filing of %j is read as %j', (filing, read) => {
  const record = { ...(sampleRecords('one').index as object), filing };
  const conversation = readConversation(record, 'one');
  expect(conversation.filing).toEqual(read);
  expect(conversation.condition).toBeUndefined();
});

test('tags are bounded, and a character is not cut in two', () => {
  expect(tidyTags(Array.from({ length: 50 }, (_, i) => `tag ${i}`))).toHaveLength(mostTags);
  expect(tidyTags(['🩺'.repeat(50)])).toEqual(['🩺'.repeat(longestTag)]);
});
