import { expect, test } from 'vitest';
import { greedySampling } from '../engine/types/sampling.ts';
import { readConversation } from './conversation-records.ts';
import { createConversation } from './conversation-tree.ts';
import { samplingChoice } from './sampling-choice.ts';

test('is read whole or not at all', () => {
  expect(samplingChoice(greedySampling)).toEqual(greedySampling);
  const { seed: _, ...without } = greedySampling;
  for (const wrong of [
    without,
    { ...greedySampling, topP: 7 },
    { ...greedySampling, temperature: '1' },
    null,
    'greedy',
  ]) {
    expect(samplingChoice(wrong)).toBeUndefined();
  }
});

test('a conversation keeps it; one of an earlier version has none', () => {
  const { conversation } = createConversation();
  const { id } = conversation;
  const record = { ...conversation, title: 'A', sampling: greedySampling };
  expect(readConversation(record, id)).toEqual(record);
  expect(readConversation({ ...record, sampling: undefined }, id).sampling).toBeUndefined();
  expect(readConversation({ ...record, sampling: { topP: 7 } }, id).condition).toBe('damaged');
});
