import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { createStore, entries, keys, set } from 'idb-keyval';
import { beforeEach, expect, test } from 'vitest';
import { addMessage, createConversation } from './conversation-tree.ts';
import { createConversationStore } from './conversations.ts';
import {
  createDraftRecords,
  type DraftContent,
  type DraftImage,
  mergeDrafts,
  migrateDraft,
} from './drafts.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const records = () => createStore('bedside-chats', 'records');
const image = (id: string): DraftImage => ({
  id,
  name: `${id}.png`,
  format: 'png',
  width: 4,
  height: 3,
  isAnimated: false,
});
const content = (changes: Partial<DraftContent> = {}): DraftContent => ({
  text: '',
  images: [],
  edits: {},
  ...changes,
});
const bytesOf = async (blob: Blob | undefined) => blob && [...new Uint8Array(await blob.arrayBuffer())];
const png = (...bytes: number[]) => new Blob([new Uint8Array(bytes)], { type: 'image/png' });

test('text, images with their bytes and edits come back; an image is written once', async () => {
  const store = createDraftRecords();
  const first = await store.saveDraft({
    conversationId: 'c',
    content: content({ text: 'Half a', images: [image('x')], edits: { m: 'Changed' } }),
    added: new Map([['x', png(1, 2)]]),
    seen: null,
  });
  const second = await store.saveDraft({
    conversationId: 'c',
    content: content({ text: 'Half a question', images: [image('x')], edits: { m: 'Changed' } }),
    added: new Map(),
    seen: first?.revision ?? null,
  });
  expect(second?.revision).not.toBe(first?.revision);
  const again = createDraftRecords();
  expect(await again.listDrafts()).toEqual([second]);
  expect(await again.loadDraft('c')).toMatchObject({
    text: 'Half a question',
    images: [image('x')],
    edits: { m: 'Changed' },
  });
  const blobs = await again.loadDraftImages('c', ['x', 'y']);
  expect([...blobs.keys()]).toEqual(['x']);
  expect(blobs.get('x')?.type).toBe('image/png');
  expect(await bytesOf(blobs.get('x'))).toEqual([1, 2]);
});

test('what is emptied leaves nothing, and an image that is removed goes with its bytes', async () => {
  const store = createDraftRecords();
  const images = [image('x'), image('y')];
  const added = new Map([
    ['x', png(1)],
    ['y', png(2)],
  ]);
  const first = await store.saveDraft({
    conversationId: 'c',
    content: content({ images }),
    added,
    seen: null,
  });
  const kept = content({ images: [image('y')] });
  const second = await store.saveDraft({
    conversationId: 'c',
    content: kept,
    added: new Map(),
    seen: first!.revision,
  });
  expect((await keys(records())).sort()).toEqual(['draft-image/c/y', 'draft/c']);
  const saved = { conversationId: 'c', content: content(), added: new Map(), seen: second!.revision };
  expect(await store.saveDraft(saved)).toBeUndefined();
  expect(await entries(records())).toEqual([]);
});

test('what another tab has written since is kept beside it', async () => {
  const [mine, theirs] = [createDraftRecords(), createDraftRecords()];
  const save = (store: typeof mine, text: string, seen: string | null) =>
    store.saveDraft({ conversationId: 'c', content: content({ text }), added: new Map(), seen });
  const first = await save(theirs, 'From there', null);
  const merged = await save(mine, 'From here', null);
  expect(merged?.text).toBe('From here\n\nFrom there');
  // Seen by now: what this tab makes of it counts.
  expect((await save(mine, 'Both', merged!.revision))?.text).toBe('Both');
  // Emptied there by a tab that has not seen it: it stays.
  expect((await save(theirs, '', first!.revision))?.text).toBe('Both');
});

test('two drafts become one without losing a word', () => {
  expect(
    mergeDrafts(
      content({ text: 'a b', images: [image('x')], edits: { m: 'mine', both: 'one' } }),
      content({ text: 'a b c', images: [image('x'), image('y')], edits: { n: 'theirs', both: 'two' } }),
    ),
  ).toEqual({
    text: 'a b c',
    images: [image('x'), image('y')],
    edits: { m: 'mine', n: 'theirs', both: 'one\n\ntwo' },
  });
});

test('a conversation that is deleted takes what waits in it with it, and no other', async () => {
  const store = createDraftRecords();
  const conversations = createConversationStore();
  const { tree, message } = addMessage(createConversation({ id: 'c', now: 1 }), {
    parentId: null,
    role: 'user',
    text: 'q',
    now: 1,
  });
  await conversations.saveMessage(tree.conversation, message);
  for (const conversationId of ['c', 'cc']) {
    await store.saveDraft({
      conversationId,
      content: content({ text: 'waits', images: [image('x')] }),
      added: new Map([['x', png(1)]]),
      seen: null,
    });
  }
  await store.saveShown('cc');
  await conversations.deleteConversation('c');
  await conversations.deleteForGood(['c']);
  expect((await keys(records())).sort()).toEqual(['draft-image/cc/x', 'draft/cc', 'shown']);
  expect(await store.loadShown()).toBe('cc');
  await conversations.clearAll();
  expect(await keys(records())).toEqual([]);
  expect(await store.loadShown()).toBeUndefined();
});

test.each([
  ['nothing', undefined, undefined],
  ['a later version', { v: 2, conversationId: 'c', revision: 'r', text: 'x' }, undefined],
  ['no conversation', { v: 1, revision: 'r', text: 'x' }, undefined],
  [
    'damaged fields',
    {
      v: 1,
      conversationId: 'c',
      revision: 'r',
      updatedAt: 'now',
      text: 'kept',
      images: [{ id: 1 }, image('x'), { ...image('y'), format: 'xcf' }, null],
      edits: { m: 'kept', n: 7 },
    },
    {
      v: 1,
      conversationId: 'c',
      revision: 'r',
      updatedAt: 0,
      text: 'kept',
      images: [image('x')],
      edits: { m: 'kept' },
    },
  ],
])('of a stored record with %s the rest is read', (_, record, read) => {
  expect(migrateDraft(record)).toEqual(read);
});

test('records that are damaged harm nothing', async () => {
  await set('draft/c', { v: 1, conversationId: 'c', revision: 'r', text: 'kept', images: 'none' }, records());
  await set('draft/d', 'garbage', records());
  await set('shown', { v: 1 }, records());
  const store = createDraftRecords();
  expect((await store.listDrafts()).map(({ text }) => text)).toEqual(['kept']);
  expect(await store.loadShown()).toBeUndefined();
});
