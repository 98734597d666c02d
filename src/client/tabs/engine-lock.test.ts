import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeLocks } from '../../../test/support/fake-locks.ts';
import { createEngineLock, type EngineLock } from './engine-lock.ts';

let locks: LockManager;
let channels: BroadcastChannel[];

/** As in a tab: a lock with a channel of its own. Only where no answer can come is it not waited for. */
function openTab(silenceMs = 30_000): EngineLock {
  const channel = new BroadcastChannel(`tabs of one test ${expect.getState().currentTestName}`);
  channels.push(channel);
  return createEngineLock({ locks, channel, silenceMs, farewellMs: 30_000 });
}

beforeEach(() => {
  locks = createFakeLocks();
  channels = [];
});

afterEach(() => {
  for (const channel of channels) channel.close();
});

test('one tab at a time has the GPU', async () => {
  const [first, second] = [openTab(), openTab()];
  expect(await first.tryAcquire()).toBe(true);
  expect(await first.tryAcquire()).toBe(true);
  expect(await second.tryAcquire()).toBe(false);
  expect([first.isHeld, second.isHeld]).toEqual([true, false]);
  first.release();
  expect(first.isHeld).toBe(false);
  expect(await second.waitFor(new AbortController().signal)).toBe(true);
});

test('asked twice at once, a tab is not in its own way', async () => {
  const first = openTab();
  expect(await Promise.all([first.tryAcquire(), first.tryAcquire()])).toEqual([true, true]);
});

test('a tab that waits gets it when it is free, or stops waiting', async () => {
  const [first, second] = [openTab(), openTab()];
  await first.tryAcquire();
  const stop = new AbortController();
  const stopped = second.waitFor(stop.signal);
  stop.abort();
  expect(await stopped).toBe(false);
  const waiting = second.waitFor(new AbortController().signal);
  first.release();
  expect(await waiting).toBe(true);
  expect(second.isHeld).toBe(true);
});

test('asked to let go, the owner says goodbye first, however long that takes', async () => {
  const [first, second] = [openTab(), openTab()];
  await first.tryAcquire();
  let sayGoodbye!: () => void;
  const letGo = vi.fn(
    () =>
      new Promise<void>(resolve => {
        sayGoodbye = resolve;
      }),
  );
  first.onTaken(letGo);
  let hasTaken = false;
  const taking = second.takeOver().then(() => {
    hasTaken = true;
  });
  await vi.waitFor(() => expect(letGo).toHaveBeenCalledOnce());
  expect([first.isHeld, hasTaken]).toEqual([true, false]);
  sayGoodbye();
  await taking;
  expect([first.isHeld, second.isHeld]).toEqual([false, true]);
  // And back again.
  second.onTaken(async () => undefined);
  await first.takeOver();
  expect([first.isHeld, second.isHeld]).toEqual([true, false]);
});

test('from an owner that does not answer it is taken, and that one is told when it wakes', async () => {
  const [first, second] = [openTab(), openTab(20)];
  await first.tryAcquire();
  const letGo = vi.fn(async () => undefined);
  first.onTaken(letGo);
  channels[0]!.close(); // As deaf as a frozen tab.
  await second.takeOver();
  expect([first.isHeld, second.isHeld]).toEqual([false, true]);
  await vi.waitFor(() => expect(letGo).toHaveBeenCalledOnce());
});

test('taking over ends its own waiting in line', async () => {
  const [first, second] = [openTab(), openTab()];
  await first.tryAcquire();
  const waiting = second.waitFor(new AbortController().signal);
  await second.takeOver();
  expect(await waiting).toBe(false);
  expect(second.isHeld).toBe(true);
});

test('without Web Locks every tab has the GPU', async () => {
  const lock = createEngineLock({ locks: null });
  expect(lock.isHeld).toBe(true);
  expect(await lock.tryAcquire()).toBe(true);
  await lock.takeOver();
  lock.release();
  expect(lock.isHeld).toBe(true);
});
