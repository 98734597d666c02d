import { expect, test, vi } from 'vitest';
import { allowModelSources } from './allow-sources.ts';

test('origins that are allowed at the same time are all allowed in the end', async () => {
  const told: string[][] = [];
  const answers: (() => void)[] = [];
  const allow = allowModelSources({ restart: () => undefined }, origins => {
    told.push(origins);
    return new Promise(resolve => answers.push(() => resolve(true)));
  });
  const both = Promise.all([allow(['https://a.test']), allow(['https://b.test'])]);
  for (let i = 0; i < 2; i++) {
    await vi.waitUntil(() => answers.length > i, { timeout: 30_000 });
    answers[i]!();
  }
  expect(await both).toEqual([true, true]);
  expect(told.at(-1)).toEqual(['https://a.test', 'https://b.test']);
});

test('an origin that could not be allowed keeps none from the next', async () => {
  const restart = vi.fn();
  const setSources = vi.fn().mockRejectedValueOnce(new Error('gone')).mockResolvedValue(true);
  const allow = allowModelSources({ restart }, setSources);
  await expect(allow(['https://a.test'])).rejects.toThrow('gone');
  expect(restart).not.toHaveBeenCalled();
  expect(await allow(['https://a.test'])).toBe(true);
  expect(await allow(['https://a.test'])).toBe(true);
  expect(restart).toHaveBeenCalledTimes(1);
});
