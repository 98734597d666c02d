import { expect, test } from 'vitest';
import { NewestOnly } from './newest-only.ts';

function jobs() {
  const queue = new NewestOnly();
  const ran: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (name: string) =>
    queue.run(() => {
      ran.push(name);
      return new Promise(resolve => ends.push(resolve));
    });
  const end = async () => {
    ends.shift()!();
    await new Promise(resolve => setTimeout(resolve));
  };
  return { queue, ran, ask, end };
}

test('one at a time, and of those that waited the newest', async () => {
  const { ran, ask, end } = jobs();
  for (const name of ['a', 'b', 'c']) ask(name);
  expect(ran).toEqual(['a']);
  await end();
  expect(ran).toEqual(['a', 'c']);
  await end();
  ask('d');
  expect(ran).toEqual(['a', 'c', 'd']);
});

test('what waits can be given up', async () => {
  const { queue, ran, ask, end } = jobs();
  ask('a');
  ask('b');
  queue.clear();
  await end();
  expect(ran).toEqual(['a']);
});
