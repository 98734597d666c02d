import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test } from 'vitest';
import type { ModelIdentity } from '../engine/types/model-identity.ts';
import { openDatabase } from './database.ts';
import { createModelRecordStore, type ModelRecord } from './model-records.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const record = (id: string, addedAt: number): ModelRecord => ({
  v: 3,
  id,
  name: id,
  entryId: 'kind',
  text: [{ id: `${id}-text`, url: '', name: 'a.gguf', bytes: 3, chunkBytes: 8, chunkSha256: ['x'] }],
  vision: [1, 2].map(part => ({ id: `${id}-${part}`, url: 'https://a.test/b', name: 'b.gguf', sha256: 'y' })),
  checkpoint: { url: 'https://a.test/', type: 'Q8_0' },
  addedAt,
});

const identity: ModelIdentity = {
  name: 'Mine',
  namedBy: 'file',
  architecture: 'llama',
  parameterCount: 134_515_008,
  quantisation: 'Q4_1',
  fileBytes: 98_362_432,
  contextTokens: null,
  shape: { layers: 30, embedding: 576, feedForward: 1536, heads: 9, kvHeads: null },
  vocabulary: { model: 'gpt2', pieces: 49_152, lastPiece: 'x', sha256: '1'.repeat(64) },
  hasImagePlaces: true,
  publisher: 'P',
  bases: ['B'],
  finetune: 'F',
  sizeLabel: '135M',
  licence: 'L',
  licenceAddress: 'https://a.test/',
  languages: ['en'],
  address: 'https://a.test/',
  sha256: ['2'.repeat(64)],
};

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

test('what another version wrote, or something damaged, is left alone and listed as what it is', async () => {
  const database = openDatabase('bedside-settings');
  const good = record('good', 1);
  const damaged: [string, unknown][] = [
    ['broken', { ...good, text: [{ id: 7 }] }],
    ['empty', { ...good, text: [] }],
    ['half', { ...good, vision: [{ id: 'x', url: '', name: 'n', chunkSha256: [1] }] }],
    ['kind', { ...good, entryId: 5 }],
    ['template', { ...good, template: 'no such' }],
    ['null', null],
    ['type', { ...good, checkpoint: { url: 'https://a.test/', type: 'Q9_K' } }],
  ];
  await database.setMany([
    ['model/good', good],
    ['model/later', { ...good, v: 4 }],
    ...damaged.map(([id, value]): [string, unknown] => [`model/${id}`, value]),
    ['settings', { v: 1 }],
  ]);
  const store = createModelRecordStore(database);
  const listed = await store.listRecords();
  expect(listed.filter(({ condition }) => !condition)).toEqual([good]);
  expect(listed.find(({ id }) => id === 'later')).toMatchObject({ condition: 'later-version', text: [] });
  const found = listed.filter(({ condition }) => condition === 'damaged');
  expect(found.map(({ id }) => id).sort()).toEqual(damaged.map(([id]) => id).sort());
  for (const { id } of listed) await store.noteFetching(id, true);
  expect(await database.get('model/broken')).toEqual(damaged[0]![1]);
  expect(await database.get('model/later')).toEqual({ ...good, v: 4 });
});

test('a file that says itself what it is needs no entry', async () => {
  const store = createModelRecordStore();
  const { entryId: _, checkpoint: __, ...own } = record('own', 1);
  const told: ModelRecord = {
    ...own,
    identity,
    visionIdentity: { ...identity, name: 'Eyes', vocabulary: null },
    template: 'file',
    includeHistory: false,
    system: 'Be brief.',
  };
  await store.saveRecord(told);
  expect(await store.listRecords()).toEqual([told]);
});

test('what its files are need not be known: it is read from them once they are here', async () => {
  const database = openDatabase('bedside-settings');
  const { entryId: _, ...unsaid } = record('unsaid', 1);
  await database.setMany([
    ['model/unsaid', unsaid],
    ['model/mistaken', { ...unsaid, id: 'mistaken', addedAt: 2, identity: { ...identity, shape: null } }],
  ]);
  expect(await createModelRecordStore(database).listRecords()).toEqual([
    unsaid,
    { ...unsaid, id: 'mistaken', addedAt: 2 },
  ]);
});

test('what the second version wrote is what the reader called it', async () => {
  const database = openDatabase('bedside-settings');
  await database.setMany([['model/old', { ...record('old', 1), v: 2 }]]);
  expect(await createModelRecordStore(database).listRecords()).toEqual([record('old', 1)]);
});

test('what is only said in passing may be missing', async () => {
  const database = openDatabase('bedside-settings');
  const good = record('good', 1);
  await database.setMany([
    ['model/good', { ...good, name: 5, addedAt: 'now', isFetching: 'yes', identity: { name: 'x' } }],
  ]);
  expect(await createModelRecordStore(database).listRecords()).toEqual([
    { ...good, name: 'a.gguf', addedAt: 0 },
  ]);
});
