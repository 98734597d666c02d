import { afterEach, expect, test, vi } from 'vitest';
import { type AskedPage, applyUpdate } from './apply-update.ts';

afterEach(() => {
  vi.useRealTimers();
});

const pageThatSays = (isBusy: boolean): AskedPage => ({
  postMessage: (_, [port]) => (port as MessagePort).postMessage(isBusy),
});
const silentPage: AskedPage = { postMessage: () => undefined };

test('takes over when every page is idle', async () => {
  const takeOver = vi.fn(async () => undefined);
  expect(await applyUpdate([pageThatSays(false), pageThatSays(false)], takeOver)).toBe('applied');
  expect(takeOver).toHaveBeenCalledOnce();
});

test('changes nothing while one page is busy', async () => {
  const takeOver = vi.fn(async () => undefined);
  expect(await applyUpdate([pageThatSays(false), pageThatSays(true)], takeOver)).toBe('busy');
  expect(takeOver).not.toHaveBeenCalled();
});

test('a page that does not answer cannot hold it up for ever', async () => {
  vi.useFakeTimers();
  const takeOver = vi.fn(async () => undefined);
  const answer = applyUpdate([silentPage], takeOver);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await answer).toBe('applied');
});
