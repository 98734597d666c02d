import { expect, test } from 'vitest';
import { takeTurns } from './take-turns.ts';

test('no more than so many at a time, in order, and one that fails makes room', async () => {
  const inTurn = takeTurns(2);
  const begun: number[] = [];
  const end: (() => void)[] = [];
  const tasks = [0, 1, 2, 3].map(i =>
    inTurn(async () => {
      begun.push(i);
      await new Promise<void>(resolve => {
        end[i] = resolve;
      });
      if (i === 0) throw new Error('failed');
      return i;
    }),
  );
  expect(begun).toEqual([0, 1]);
  end[0]!();
  await expect(tasks[0]).rejects.toThrow('failed');
  expect(begun).toEqual([0, 1, 2]);
  for (const i of [1, 2]) {
    end[i]!();
    await tasks[i];
  }
  expect(begun).toEqual([0, 1, 2, 3]);
  end[3]!();
  expect(await tasks[3]).toBe(3);
});
