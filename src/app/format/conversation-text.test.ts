import { expect, test } from 'vitest';
import type { Conversation } from '../../client/index.ts';
import { medgemmaAnswer } from '../testing/medgemma-answer.ts';
import { conversationsAsText } from './conversation-text.ts';

test('conversations as text have what the terms of the model want said, before each of its answers', () => {
  const { answer, notice } = medgemmaAnswer;
  const conversation: Conversation = {
    ...{ v: 4, id: 'c1', title: 'Ward', createdAt: 1, updatedAt: 2 },
    ...{ rootIds: ['q'], currentLeafId: 'b' },
  };
  const { identity: _, ...other } = answer;
  const text = conversationsAsText([{ conversation, messages: [answer, { ...other, id: 'b' }] }]);
  expect(text.split(notice)).toHaveLength(2);
  expect(text).toContain(`\n\n${notice}\n\nA normal chest.`);
});
