import { expect, test } from 'vitest';
import { loadModelCard, readModelCard } from './model-card.ts';

const card = {
  v: 1,
  id: 'x',
  name: 'X',
  notice: 'Never for care.',
  developer: 'Nobody',
  license: { name: 'MIT', attribution: 'None.' },
  purpose: { intendedUse: 'Tests.', intendedUsers: 'Testers.', outOfScope: ['Care.'] },
  training: { data: 'nothing' },
  limits: ['It is not there.'],
};
const answer =
  (body: string, status = 200) =>
  async () =>
    new Response(body, { status });

test('what a card does not say is empty', () => {
  expect(readModelCard(card)).toMatchObject({ name: 'X', evaluation: [], files: [] });
});

test.each([
  [{ v: 2 }, 'card.v must be 1'],
  [{ limits: undefined }, 'card.limits must be a list'],
  [{ evaluation: [{ what: 'a' }] }, 'result must be a text'],
  [{ purpose: 'care' }, 'card.purpose must be an object'],
])('%o: %s', (change, message) => {
  expect(() => readModelCard({ ...card, ...change })).toThrow(message);
});

test('one that is not there or not a card says so to the reader', async () => {
  await expect(loadModelCard('c', answer(JSON.stringify(card)))).resolves.toMatchObject({ name: 'X' });
  await expect(loadModelCard('c', answer('', 404))).rejects.toMatchObject({ code: 'network' });
  await expect(loadModelCard('c', answer('<html>'))).rejects.toMatchObject({ code: 'network' });
  await expect(loadModelCard('c', answer('{}'))).rejects.toMatchObject({ code: 'internal' });
});
