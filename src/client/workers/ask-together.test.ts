import { expect, test } from 'vitest';
import { BedsideError, toErrorData } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import type { Result } from '../../worker/verbs/result.ts';
import { askTogether } from './ask-together.ts';

const failure = new BedsideError('not-an-image', sentence`in-a-test: It is none.`, 'Try another one.');

function asking() {
  const asked: number[][] = [];
  const ends: ((failed?: Error) => void)[] = [];
  const ask = askTogether((requests: number[]) => {
    asked.push(requests);
    return new Promise<Result<number>[]>((resolve, reject) => {
      const answers = requests.map(
        (request): Result<number> =>
          request < 0 ? { ok: false, error: toErrorData(failure) } : { ok: true, value: request * 2 },
      );
      ends.push(failed => (failed ? reject(failed) : resolve(answers)));
    });
  });
  return { asked, ends, ask };
}

test('what is asked while two questions are on their way goes together', async () => {
  const { asked, ends, ask } = asking();
  const all = Promise.allSettled([1, 2, 3, -4, 5].map(ask));
  expect(asked).toEqual([[1], [2]]);
  ends[1]!();
  await expect.poll(() => asked).toEqual([[1], [2], [3, -4, 5]]);
  ends[2]!();
  ends[0]!();
  expect((await all).map(each => (each.status === 'fulfilled' ? each.value : each.reason.code))).toEqual([
    2,
    4,
    6,
    'not-an-image',
    10,
  ]);
});

test('a question that fails as a whole fails for each, and the next is asked all the same', async () => {
  const { asked, ends, ask } = asking();
  const first = ask(1);
  ends[0]!(new Error('died'));
  await expect(first).rejects.toThrow('died');
  const second = ask(2);
  expect(asked).toEqual([[1], [2]]);
  ends[1]!();
  expect(await second).toBe(4);
});
