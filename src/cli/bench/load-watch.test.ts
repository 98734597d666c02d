import { expect, test } from 'vitest';
import { LoadWatch } from './load-watch.ts';

test('each phase lasts until the next one, and the upload begins with the reading of its first piece', async () => {
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
  watch.note({ phase: 'self-test', done: 0, total: 1 });
  pass(50);
  watch.note({ phase: 'self-test', done: 1, total: 1 });
  pass(5);
  for (const done of [1500, 3000]) {
    await source.read(done - 500, 1500);
    pass(18);
    watch.note({ phase: 'upload', done, total: 3000 });
  }
  watch.note({ phase: 'prepare', done: 0, total: 1 });
  pass(3);
  watch.note({ phase: 'prepare', done: 1, total: 1 });

  expect(watch.finish()).toEqual({
    totalMs: 108,
    headerMs: 10,
    selfTestMs: 50,
    allocateMs: 5,
    uploadMs: 40,
    prepareMs: 3,
    uploadBytes: 3000,
    uploadMBps: 3000 / 40 / 1e3,
    readBytes: 4000,
    readMs: 6,
    readMBps: 4000 / 6 / 1e3,
  });
});
