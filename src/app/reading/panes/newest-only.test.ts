import { expect, test } from 'vitest';
import { NewestOnly } from './newest-only.ts';

function jobs(atOnce = 1) {
  const queue = new NewestOnly(atOnce);
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

test('two at a time, and of those that waited the newest', async () => {
  const { ran, ask, end } = jobs(2);
  for (const name of ['a', 'b', 'c', 'd']) ask(name);
  expect(ran).toEqual(['a', 'b']);
  await end();
  expect(ran).toEqual(['a', 'b', 'd']);
  await end();
  await end();
  ask('e');
  expect(ran).toEqual(['a', 'b', 'd', 'e']);
});
