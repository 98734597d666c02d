import { afterEach, describe, expect, it } from 'vitest';
import { countedWork } from '../../../test/support/counted-work.ts';
import { openProcessor } from '../../../test/support/processor.ts';
import { startThread } from '../../cli/input/processor-threads.ts';
import { giveWay } from '../give-way.ts';
import type { ProcessorDevice } from './device.ts';
import type { Helper } from './pool.ts';

const mebibyte = 2 ** 20;
/** Of work. */
const minutes = 100_000;
const devices: ProcessorDevice[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.destroy();
});

/** With threads that are counted: those that were started, and those that were ended. */
async function open(startHelper: () => Helper = startThread) {
  const counts = { started: 0, ended: 0 };
  const device = await openProcessor(2, {
    guardBytes: 0,
    startHelper: () => {
      const helper = startHelper();
      counts.started++;
      return {
        ...helper,
        end: () => {
          counts.ended++;
          helper.end();
        },
      };
    },
  });
  devices.push(device);
  return { device, counts };
}

async function reserve({ memory }: ProcessorDevice, label: string): Promise<void> {
  const buffers = [{ kind: 'storage', label, bytes: mebibyte } as const];
  const { roomBytes, wantedBytes } = await memory.reserve({ buffers, besideBytes: 0 });
  expect(roomBytes).toBeGreaterThanOrEqual(wantedBytes);
}

describe('threads of the processor', () => {
  it('end with the memory of a model, and others compute in the next', async () => {
    const { device, counts } = await open();
    for (let model = 0; model < 3; model++) {
      await reserve(device, 'weights');
      const weights = await device.memory.storage('weights', mebibyte);
      const work = await countedWork(device, 3);
      work.submit(2);
      await device.settled();
      expect(work.perRow().every(count => count === 2)).toBe(true);
      expect(counts).toEqual({ started: 2 + 2 * model, ended: 2 * model });
      device.memory.release(weights);
      device.memory.releaseAll();
      await device.settled();
    }
    expect(device.failed).toBe(false);
  });

  it('go on with a list that is under way when a reservation is given up', async () => {
    const { device, counts } = await open();
    const work = await countedWork(device);
    await reserve(device, 'one model');
    work.submit(minutes);
    while (work.rowsDone() === 0) await giveWay();
    await reserve(device, 'another');
    expect(counts.ended).toBe(0);
    const then = work.rowsDone();
    while (work.rowsDone() === then) await giveWay();
    device.abandon();
    await device.settled();
    expect(counts.ended).toBe(2);
    const before = work.perRow();
    work.submit(2);
    await device.settled();
    expect(work.perRow()).toEqual(before.map(count => count + 2));
    expect(counts.started - counts.ended).toBe(2);
  });

  it('that cannot be started again make a lost device', async () => {
    let left = 3;
    const { device } = await open(() => {
      if (left-- === 0) throw new Error('no more threads');
      return startThread();
    });
    await reserve(device, 'weights');
    device.memory.release(await device.memory.storage('weights', mebibyte));
    const work = await countedWork(device, 3);
    work.submit(2);
    await expect(device.settled()).rejects.toMatchObject({ code: 'device-lost' });
    await expect(device.lost).resolves.toMatchObject({ code: 'device-lost' });
  });
});
