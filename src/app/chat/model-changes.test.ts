import { expect, test } from 'vitest';
import type { Message } from '../../client/index.ts';
import { modelChanges } from './model-changes.ts';

function path(...answers: Partial<Message>[]): Message[] {
  return answers.flatMap((answer, place): Message[] => [
    message(`q${place}`, { role: 'user' }),
    message(`a${place}`, { role: 'assistant', ...answer }),
  ]);
}

function message(id: string, changes: Partial<Message>): Message {
  return { v: 4, id, conversationId: 'c', parentId: null, createdAt: 1, role: 'user', text: 'x', ...changes };
}

const changes = (...answers: Partial<Message>[]) => [...modelChanges(path(...answers))];

test('the first answer changes nothing, nor does the same model', () => {
  expect(changes({ model: 'A', modelKey: '1' }, { model: 'A', modelKey: '1' })).toEqual([]);
});

test('each change is marked, and the way back too', () => {
  expect(changes({ model: 'A' }, { model: 'B' }, { model: 'B' }, { model: 'A' })).toEqual([
    ['a1', 'From here B answers'],
    ['a3', 'From here A answers'],
  ]);
});

test('another file with the same name is another model; of records without a key the name counts', () => {
  expect(changes({ model: 'A', modelKey: '1' }, { model: 'A', modelKey: '2' })).toEqual([
    ['a1', 'From here A answers from other files'],
  ]);
  expect(changes({ model: 'A' }, { model: 'A', modelKey: '2' })).toEqual([]);
});

test('an answer that no model began is passed over', () => {
  expect(changes({ model: 'A' }, {}, { model: 'B' })).toEqual([['a2', 'From here B answers']]);
});
