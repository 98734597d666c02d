import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import type { TuningRecord } from '../engine/types/tuning.ts';
import { openDatabase } from './database.ts';
import { readTuningRecord } from './read-tuning.ts';
import { createTuningStore } from './tuning-records.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const record: TuningRecord = {
  v: 1,
  device: {
    vendor: 'intel',
    architecture: 'xe-lpg',
    description: '',
    subgroupSizes: [8, 32],
    features: ['f16', 'subgroups'],
    maxSharedBytes: 32768,
    browser: 'Chrome 142',
  },
  classes: [
    {
      kind: 'matvec q4_0 gated',
      size: '27648x5120',
      chosen: 'quarter-blocks',
      default: 'teams-4',
      why: 'timed',
      chosenUs: 700.5,
      defaultUs: 900,
      code: '0123456789abcdef',
      at: 1_764_000_000_000,
    },
  ],
  bad: [{ kind: 'matvec q4_0', name: 'wide', why: 'wrong', code: 'f' }],
  finished: ['0011223344556677'],
  readGBps: 88.5,
};

test('a record comes back as it was stored, and takes about two kilobytes', async () => {
  const store = createTuningStore();
  expect(await store.load()).toBeUndefined();
  await store.save(record);
  expect(await createTuningStore().load()).toEqual(record);
  const classes = Array(10).fill(record.classes[0]);
  expect(JSON.stringify({ ...record, classes }).length).toBeLessThan(3000);
});

test.each<[string, unknown]>([
  ['nothing', null],
  ['a text', 'chosen'],
  ['a later version', { ...record, v: 2 }],
  ['a device without a browser', { ...record, device: { ...record.device, browser: undefined } }],
  ['a class without a time', { ...record, classes: [{ ...record.classes[0], chosenUs: -1 }] }],
  ['a candidate that is no text', { ...record, classes: [{ ...record.classes[0], chosen: {} }] }],
  ['a word without end', { ...record, finished: ['x'.repeat(501)] }],
  ['a list without end', { ...record, finished: Array(1001).fill('x') }],
  ['a rate that is none', { ...record, readGBps: 'fast' }],
])('%s is no record', (_, stored) => {
  expect(readTuningRecord(stored)).toBeUndefined();
});

test('whatever is stored in the place of a record or of a part of it, loading does not fail', async () => {
  const database = openDatabase('bedside-settings');
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(record)), fc.jsonValue(), async (name, value) => {
      await database.setMany([['tuning', { ...record, [name]: value }]]);
      const found = await createTuningStore(database).load();
      if (found) expect(readTuningRecord(JSON.parse(JSON.stringify(found)))).toEqual(found);
    }),
  );
});
