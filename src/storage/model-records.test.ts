import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { createModelRecordStore, type ModelRecord } from './model-records.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const record = (id: string, addedAt: number): ModelRecord => ({
  v: 2,
  id,
  name: id,
  entryId: 'kind',
  text: [{ id: `${id}-text`, url: '', name: 'a.gguf', bytes: 3, chunkBytes: 8, chunkSha256: ['x'] }],
  vision: [1, 2].map(part => ({ id: `${id}-${part}`, url: 'https://a.test/b', name: 'b.gguf', sha256: 'y' })),
  checkpoint: { url: 'https://a.test/', type: 'Q8_0' },
  addedAt,
});

test('lists what was saved in the order of adding, replaces, deletes', async () => {
  const store = createModelRecordStore();
  await store.saveRecord(record('b', 2));
  await store.saveRecord(record('a', 1));
  await store.saveRecord({ ...record('b', 2), isFetching: true });
  expect(await createModelRecordStore().listRecords()).toEqual([
    record('a', 1),
    { ...record('b', 2), isFetching: true },
  ]);
  await store.deleteRecord('a');
  expect((await store.listRecords()).map(({ id }) => id)).toEqual(['b']);
});

test('whether it is being fetched is noted of a model that is there, and brings none back', async () => {
  const store = createModelRecordStore();
  await store.saveRecord(record('a', 1));
  await store.noteFetching('a', true);
  expect(await store.listRecords()).toEqual([{ ...record('a', 1), isFetching: true }]);
  await Promise.all([store.deleteRecord('a'), store.noteFetching('a', false)]);
  expect(await store.listRecords()).toEqual([]);
});

test('what the first version wrote has one file a half', async () => {
  const database = openDatabase('bedside-settings');
  const { checkpoint: _, ...now } = record('old', 1);
  const [text, vision] = [now.text[0]!, now.vision![0]!];
  await database.setMany([['model/old', { ...now, v: 1, text, vision }]]);
  expect(await createModelRecordStore(database).listRecords()).toEqual([
    { ...now, text: [text], vision: [vision] },
  ]);
});

test('what another version wrote, or something damaged, is left alone and not listed', async () => {
  const database = openDatabase('bedside-settings');
  const good = record('good', 1);
  await database.setMany([
    ['model/good', good],
    ['model/later', { ...good, v: 3 }],
    ['model/broken', { ...good, text: [{ id: 7 }] }],
    ['model/empty', { ...good, text: [] }],
    ['model/half', { ...good, vision: [{ id: 'x', url: '', name: 'n', chunkSha256: [1] }] }],
    ['model/type', { ...good, checkpoint: { url: 'https://a.test/', type: 'Q2_K' } }],
    ['settings', { v: 1 }],
  ]);
  expect(await createModelRecordStore(database).listRecords()).toEqual([good]);
  expect(await database.keys()).toHaveLength(7);
});
