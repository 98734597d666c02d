import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleAnswerRecord } from '../../test/support/answer-record.ts';
import { sampleRecords } from '../../test/support/conversation-records.ts';
import { readAnswerRecord } from './answer-records.ts';
import { createConversationStore } from './conversations.ts';
import { packIds, unpackIds } from './packed-ids.ts';

const record = sampleAnswerRecord('c1', 'a1');

test('ids come back as they were packed, and runs of one take few letters', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 1, 7, 151_935)), ids => {
      expect(unpackIds(packIds(ids))).toEqual(ids);
    }),
  );
  expect(packIds([1, 7, 7, 7, 9])).toBe('1 7*3 9');
});

test.each(['x', '1  2', '1*0', '-1', '1.5', '5*9999999', ' ', '1*', '99999999999'])(
  '“%s” are no ids',
  packed => {
    expect(unpackIds(packed)).toBeUndefined();
  },
);

test('a record is read whole or not at all', () => {
  expect(readAnswerRecord(record, 'c1', 'a1')).toEqual(record);
  expect(readAnswerRecord(record, 'c2', 'a1')).toBeUndefined();
  expect(readAnswerRecord({ ...record, v: 2 }, 'c1', 'a1')).toBeUndefined();
  for (const name of Object.keys(record)) {
    expect(readAnswerRecord({ ...record, [name]: undefined }, 'c1', 'a1')).toBeUndefined();
    expect(readAnswerRecord({ ...record, [name]: 'broken' }, 'c1', 'a1')).toBeUndefined();
  }
});

test('it lies beside its conversation, goes with it and comes back with it', async () => {
  const store = createConversationStore();
  await store.saveAnswerRecord(record);
  expect(await store.loadAnswerRecord('c1', 'a1')).toBeUndefined();
  await store.addConversations([sampleRecords('c1')]);
  expect(await store.loadAnswerRecord('c1', 'a1')).toEqual(record);
  await store.saveAnswerRecord(sampleAnswerRecord('c1', 'a2'));
  await store.deleteConversation('c1');
  expect(await store.loadAnswerRecord('c1', 'a1')).toBeUndefined();
  await store.restoreConversation('c1');
  const read = await store.readRecords('c1');
  expect(read?.answerRecords.map(([id]) => id).sort()).toEqual(['a1', 'a2']);
});
