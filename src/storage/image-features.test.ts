import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { createStore, keys, set } from 'idb-keyval';
import { beforeEach, describe, expect, test } from 'vitest';
import { addMessage, createConversation } from './conversation-tree.ts';
import { createConversationStore } from './conversations.ts';
import { createFeatureStore, type FeatureKey } from './image-features.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const keyOf = (imageId: string, more: Partial<FeatureKey> = {}): FeatureKey => ({
  imageId,
  encoder: 'encoder',
  tiling: 'demo 64x48',
  ...more,
});
const halves = (count: number, first = 0) => Uint16Array.from({ length: count }, (_, i) => first + i);
const records = () => createStore('bedside-image-features', 'records');

/** A store whose clock goes on with every look at it. */
function openStore(bound?: number) {
  let time = 0;
  return createFeatureStore(undefined, { ...(bound === undefined ? {} : { bound }), now: () => ++time });
}

describe('visual tokens that are kept', () => {
  test('are found as they were, by another page too, and for that image, encoder and tiling alone', async () => {
    await openStore().keep(keyOf('a'), halves(100, 7));
    const store = openStore();
    expect(await store.find(keyOf('a'))).toEqual(halves(100, 7));
    const others = [keyOf('b'), keyOf('a', { encoder: 'other' }), keyOf('a', { tiling: 'single 64x48' })];
    for (const other of others) expect(await store.find(other)).toBeUndefined();
    expect(await store.summarize()).toEqual({ images: 1, bytes: 200 });
  });

  test('give way, those used longest ago first, where there is no room', async () => {
    const store = openStore(500);
    await store.keep(keyOf('a'), halves(100));
    await store.keep(keyOf('b'), halves(100));
    await store.find(keyOf('a'));
    await store.keep(keyOf('c'), halves(100));
    expect(await store.find(keyOf('b'))).toBeUndefined();
    expect(await store.find(keyOf('a'))).toEqual(halves(100));
    expect(await store.find(keyOf('c'))).toEqual(halves(100));
    expect(await store.summarize()).toEqual({ images: 2, bytes: 400 });
  });

  test('that are more than all the room are not kept, and put nothing out', async () => {
    const store = openStore(500);
    await store.keep(keyOf('a'), halves(100));
    await store.keep(keyOf('b'), halves(251));
    expect(await store.summarize()).toEqual({ images: 1, bytes: 200 });
  });

  test('that are kept again count once', async () => {
    const store = openStore(500);
    for (let i = 0; i < 3; i++) await store.keep(keyOf('a'), halves(200));
    expect(await store.summarize()).toEqual({ images: 1, bytes: 400 });
  });

  test.each([
    ['numbers that changed', 'values', halves(100, 8)],
    ['fewer numbers', 'values', halves(99)],
    ['no numbers', 'values', 'damaged'],
    ['no figures about them', 'facts', { v: 1 }],
    ['figures of a later version', 'facts', { v: 2, imageId: 'a', bytes: 200, checksum: '', usedAt: 1 }],
    ['anything at all', 'facts', null],
  ])('with %s count as not there, and leave nothing', async (_, part, damaged) => {
    const store = openStore();
    await store.keep(keyOf('a'), halves(100));
    await set(`${part}/a/encoder/demo 64x48`, damaged, records());
    expect(await store.find(keyOf('a'))).toBeUndefined();
    expect(await keys(records())).toEqual([]);
  });

  test('leave room although some cannot be read', async () => {
    await set('facts/x', 'damaged', records());
    await set('values/x', halves(10), records());
    const store = openStore(500);
    await store.keep(keyOf('a'), halves(100));
    expect((await keys(records())).sort()).toEqual([
      'facts/a/encoder/demo 64x48',
      'values/a/encoder/demo 64x48',
    ]);
  });
});

describe('visual tokens of a conversation that is deleted', () => {
  async function saveConversation(id: string, imageIds: string[]) {
    const conversations = createConversationStore();
    const first = { id: 'q', parentId: null, role: 'user', text: 'What is this?', now: 2 } as const;
    const { tree, message } = addMessage(createConversation({ id, now: 1 }), first);
    await conversations.saveMessage(tree.conversation, message);
    await conversations.saveImages(
      ...imageIds.map(image => ({
        v: 1 as const,
        id: image,
        conversationId: id,
        name: `${image}.png`,
        mediaType: 'image/png',
        blob: new Blob([image], { type: 'image/png' }),
        width: 1,
        height: 1,
        isAnimated: false,
        createdAt: 1,
      })),
    );
    return conversations;
  }

  test('go with it, but those of an image that another conversation has', async () => {
    const store = openStore();
    for (const image of ['own', 'shared', 'lost']) await store.keep(keyOf(image), halves(10));
    await saveConversation('one', ['own', 'shared']);
    const conversations = await saveConversation('two', ['shared']);
    await conversations.deleteConversation('one');
    const found = await Promise.all(['own', 'shared', 'lost'].map(image => store.find(keyOf(image))));
    expect(found.map(Boolean)).toEqual([false, true, false]);
    await conversations.deleteConversation('two');
    expect(await store.summarize()).toEqual({ images: 0, bytes: 0 });
  });

  test('go with all of them', async () => {
    const store = openStore();
    await store.keep(keyOf('own'), halves(10));
    const conversations = await saveConversation('one', ['own']);
    await conversations.clearAll();
    expect(await store.summarize()).toEqual({ images: 0, bytes: 0 });
  });
});
