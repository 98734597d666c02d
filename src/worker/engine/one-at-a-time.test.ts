import { expect, test } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

test('calls wait for each other, in order, and a failure ends only its own', async () => {
  const log: string[] = [];
  const run = oneAtATime(async (name: string) => {
    log.push(`${name} begins`);
    await Promise.resolve();
    log.push(`${name} ends`);
    if (name === 'b') throw new Error(name);
    return name.toUpperCase();
  });
  const outcomes = await Promise.allSettled([run('a'), run('b'), run('c')]);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(outcomes).toMatchObject([{ value: 'A' }, { reason: new Error('b') }, { value: 'C' }]);
});
