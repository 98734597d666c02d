import { afterEach, describe, expect, it } from 'vitest';
import { chunkRows, countedWork } from '../../../test/support/counted-work.ts';
import { openProcessor } from '../../../test/support/processor.ts';
import { giveWay } from '../give-way.ts';
import type { ProcessorDevice } from './device.ts';

const devices: ProcessorDevice[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.destroy();
});

async function open(threads: number) {
  const device = await openProcessor(threads);
  devices.push(device);
  return device;
}

/** Minutes of work. */
const long = 100_000;

describe.each([0, 1, 2, 3])('a device with %i helpers that abandons', threads => {
  it('leaves a list in its middle: no thread computes more than the chunk that it has', async () => {
    const device = await open(threads);
    const work = await countedWork(device);
    work.submit(long);
    while (work.rowsDone() === 0) await giveWay();
    device.abandon();
    const then = work.rowsDone();
    await device.settled();
    expect(work.rowsDone() - then).toBeLessThanOrEqual(threads * chunkRows);
    expect(work.rowsDone()).toBeLessThan((long * work.chunks * chunkRows) / 2);
  });

  it('computes nothing that had not begun, and keeps writes and copies in order', async () => {
    const device = await open(threads);
    const work = await countedWork(device);
    const [from, to] = [await device.memory.storage('from', 16), await device.memory.readback('to', 16)];
    work.submit(long);
    device.write(from, 0, new Uint32Array([7, 8]));
    const commands = device.begin();
    commands.copy(from, 0, to, 0, 8);
    commands.submit();
    device.write(from, 0, new Uint32Array([9, 9]));
    work.submit(long);
    device.abandon();
    expect(new Uint32Array(await device.read(to, 8))).toEqual(new Uint32Array([7, 8]));
    await device.settled();
    expect(work.rowsDone()).toBe(0);
  });

  it('computes whole what is submitted afterwards', async () => {
    const device = await open(threads);
    const work = await countedWork(device, 3);
    for (let round = 0; round < 20; round++) {
      work.submit(long);
      for (let i = 0; i < round % 4; i++) await giveWay();
      device.abandon();
      const left = work.perRow();
      await device.settled();
      const before = work.perRow();
      if (round === 0) expect(before).toEqual(left);
      work.submit(5);
      await device.settled();
      expect(work.perRow()).toEqual(before.map(count => count + 5));
    }
  });

  it('has nothing to abandon where nothing is submitted', async () => {
    const device = await open(threads);
    const work = await countedWork(device, 2);
    device.abandon();
    work.submit(2);
    await device.settled();
    device.abandon();
    work.submit(2);
    await device.settled();
    expect(work.perRow()).toEqual(Array.from({ length: 2 * chunkRows }, () => 4));
  });
});

describe('threads that take part', () => {
  it('change with any submit: every list is computed once, by nobody twice', async () => {
    const device = await open(3);
    const work = await countedWork(device, 5);
    for (let i = 0; i < 300; i++) {
      device.setThreads([1, 3, 2, 1, 2, 3][i % 6]!);
      work.submit(1 + (i % 3));
      // Some wait in the queue, others come while the threads sleep.
      if (i % 7 === 0) await device.settled();
    }
    await device.settled();
    expect(work.perRow()).toEqual(Array.from({ length: 5 * chunkRows }, () => 600));
  });

  it('are at least one and at most as many as there are', async () => {
    const device = await open(2);
    const work = await countedWork(device, 4);
    for (const count of [0, -1, 100]) {
      device.setThreads(count);
      work.submit(1);
      await device.settled();
    }
    expect(work.perRow()).toEqual(Array.from({ length: 4 * chunkRows }, () => 3));
  });
});
