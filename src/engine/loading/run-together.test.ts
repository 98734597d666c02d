import { expect, test } from 'vitest';
import { abortedError } from '../errors.ts';
import { runTogether } from './run-together.ts';

/** Ends when it is told to stop, as a load does, and some time later. */
const untilStopped = (log: string[]) => (signal: AbortSignal) =>
  new Promise<void>((_, reject) => {
    const stop = () =>
      setTimeout(() => {
        log.push('stopped');
        reject(abortedError());
      });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });

test('waits for all', async () => {
  const log: string[] = [];
  await runTogether([
    async () => {
      log.push('first begins');
      await new Promise(resolve => setTimeout(resolve));
      log.push('first ends');
    },
    async () => void log.push('second'),
  ]);
  expect(log).toEqual(['first begins', 'second', 'first ends']);
});

test('what fails first stops the others, is waited for and wins', async () => {
  const log: string[] = [];
  const failing = async () => {
    throw new Error('computes wrongly');
  };
  await expect(runTogether([untilStopped(log), failing])).rejects.toThrow('computes wrongly');
  expect(log).toEqual(['stopped']);
});

test('a signal stops all, even one that was aborted before', async () => {
  const log: string[] = [];
  const stop = new AbortController();
  const running = runTogether([untilStopped(log), untilStopped(log)], stop.signal);
  stop.abort();
  await expect(running).rejects.toMatchObject({ code: 'aborted' });
  await expect(runTogether([untilStopped(log)], stop.signal)).rejects.toMatchObject({ code: 'aborted' });
  expect(log).toEqual(['stopped', 'stopped', 'stopped']);
});
