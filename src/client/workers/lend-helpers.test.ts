import { expect, test, vi } from 'vitest';
import type { HelperStart, HelperWord } from '../../engine/processor/helper.ts';
import type { Helper } from '../../engine/processor/pool.ts';
import { BorrowedHelpers } from '../../worker/engine/borrowed-helpers.ts';
import { lendHelpers } from './lend-helpers.ts';
import type { WorkerLike } from './worker-connection.ts';

/** A worker that does nothing but keep what it is given. */
class IdleWorker extends EventTarget implements WorkerLike {
  isTerminated = false;
  engine: MessagePort | undefined;
  postMessage(_: unknown, [engine]: Transferable[] = []): void {
    this.engine = engine as MessagePort;
  }
  terminate(): void {
    this.isTerminated = true;
  }
}

class HiddenPage extends EventTarget {
  hidden = true;
  turn(isHidden: boolean): void {
    this.hidden = isHidden;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

function lend(spawn?: () => WorkerLike) {
  const { port1, port2 } = new MessageChannel();
  const workers: IdleWorker[] = [];
  const page = new HiddenPage();
  const spawnIdle = () => {
    const worker = new IdleWorker();
    workers.push(worker);
    return worker;
  };
  const endAll = lendHelpers(port1, spawn ?? spawnIdle, page);
  const hidden: boolean[] = [];
  const borrowed = new BorrowedHelpers(port2, isHidden => hidden.push(isHidden));
  return { borrowed, endAll, page, workers, hidden };
}

const ends = (helper: Helper) => new Promise<string>(resolve => helper.onEnd(resolve));

test('a helper is started by the page, and speaks with the engine without it', async () => {
  const { borrowed, workers } = lend();
  const helper = borrowed.start();
  const words: HelperWord[] = [];
  helper.onWord(word => words.push(word));
  helper.start({ index: 3 } as HelperStart);
  await vi.waitFor(() => expect(workers).toHaveLength(1));
  const engine = workers[0]!.engine!;
  const started = new Promise(resolve => {
    engine.onmessage = ({ data }) => resolve(data);
  });
  expect(await started).toEqual({ index: 3 });
  engine.postMessage('ready');
  await vi.waitFor(() => expect(words).toEqual(['ready']));
  helper.end();
  await vi.waitFor(() => expect(workers[0]!.isTerminated).toBe(true));
});

test('a helper that fails, and one that cannot be started, are told of, each to its own', async () => {
  const { borrowed, workers } = lend();
  const [first, second] = [borrowed.start(), borrowed.start()];
  const [firstEnds, secondEnds] = [ends(first), ends(second)];
  await vi.waitFor(() => expect(workers).toHaveLength(2));
  workers[1]!.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
  expect(await secondEnds).toBe('out of memory');
  expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([false, true]);
  workers[0]!.dispatchEvent(new Event('error'));
  expect(await firstEnds).toBe('the script of the helper did not load');

  const refused = lend(() => {
    throw new Error('no more threads');
  });
  expect(await ends(refused.borrowed.start())).toContain('no more threads');
});

test('one that the engine has ended is not told of any more', async () => {
  const { borrowed, workers } = lend();
  const [ended, other] = [borrowed.start(), borrowed.start()];
  const hear = vi.fn();
  ended.onEnd(hear);
  const otherEnds = ends(other);
  await vi.waitFor(() => expect(workers).toHaveLength(2));
  ended.end();
  workers[0]!.dispatchEvent(new Event('error'));
  workers[1]!.dispatchEvent(new Event('error'));
  await otherEnds;
  expect(hear).not.toHaveBeenCalled();
});

test('all of them end when the page has no engine any more', async () => {
  const { borrowed, endAll, workers } = lend();
  borrowed.start();
  borrowed.start();
  await vi.waitFor(() => expect(workers).toHaveLength(2));
  endAll();
  expect(workers.every(({ isTerminated }) => isTerminated)).toBe(true);
});

test('the engine hears at once and later whether anybody looks at the page', async () => {
  const { page, hidden, endAll } = lend();
  page.turn(false);
  page.turn(true);
  await vi.waitFor(() => expect(hidden).toEqual([true, false, true]));
  endAll();
  page.turn(false);
});
