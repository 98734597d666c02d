import { expect, test } from 'vitest';
import { LoadWatch } from './load-watch.ts';

test('each phase lasts until the next one, and time counts once where reads overlap', async () => {
  let clock = 100;
  const pass = (ms: number) => {
    clock += ms;
  };
  const watch = new LoadWatch(() => clock);
  const source = watch.watch({
    bytes: 4000,
    read: async (_, length) => {
      pass(2);
      return new Uint8Array(length);
    },
  });

  watch.note({ phase: 'header', done: 0, total: 0 });
  await source.read(0, 1000);
  pass(8);
  watch.note({ phase: 'allocate', done: 0, total: 1 });
  pass(5);
  watch.note({ phase: 'upload', done: 0, total: 3000 });
  for (const done of [1500, 3000]) {
    // Two reads at once, two milliseconds each: four in all.
    await Promise.all([source.read(0, 1000), source.read(1000, 500)]);
    pass(18);
    watch.note({ phase: 'upload', done, total: 3000 });
  }
  watch.note({ phase: 'self-test', done: 0, total: 1 });
  pass(7);
  watch.note({ phase: 'self-test', done: 1, total: 1 });
  watch.note({ phase: 'prepare', done: 0, total: 1 });
  pass(3);
  watch.note({ phase: 'prepare', done: 1, total: 1 });

  expect(watch.finish()).toEqual({
    totalMs: 69,
    headerMs: 10,
    allocateMs: 5,
    uploadMs: 44,
    selfTestMs: 7,
    prepareMs: 3,
    uploadBytes: 3000,
    uploadMBps: 3000 / 44 / 1e3,
    readBytes: 4000,
    readMs: 10,
    readMBps: 4000 / 10 / 1e3,
  });
});
