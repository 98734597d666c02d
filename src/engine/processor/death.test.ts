import { afterEach, describe, expect, it } from 'vitest';
import { chunkRows, countedWork } from '../../../test/support/counted-work.ts';
import { openProcessor } from '../../../test/support/processor.ts';
import { startThread } from '../../cli/input/processor-threads.ts';
import { giveWay } from '../give-way.ts';
import { acquireProcessor } from './acquire-processor.ts';
import type { ProcessorDevice } from './device.ts';

const devices: ProcessorDevice[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.destroy();
});

/** Helpers that can be killed. */
function crew() {
  const helpers: ReturnType<typeof startThread>[] = [];
  const startHelper = () => {
    const helper = startThread();
    helpers.push(helper);
    return helper;
  };
  return { helpers, startHelper };
}

/** Minutes of work. */
const long = 20_000;

/** A lost device says so everywhere, at once and later, and the next one computes what was asked. */
async function expectLost(device: ProcessorDevice, waits: readonly Promise<unknown>[]) {
  await expect(device.lost).resolves.toMatchObject({ code: 'device-lost' });
  for (const result of await Promise.allSettled([...waits, device.settled()])) {
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'device-lost' } });
  }
  expect(device.failed).toBe(true);
  const next = await openProcessor(2);
  devices.push(next);
  const work = await countedWork(next, 3);
  work.submit(4);
  await next.settled();
  expect(work.perRow()).toEqual(Array.from({ length: 3 * chunkRows }, () => 4));
}

// Twenty deaths: two helpers of three at seven moments of a list and while nothing is computed; one that sleeps; three starts.
describe.each([0, 2])('the death of helper %i', index => {
  it.each([0, 1, 2, 3, 5, 8, 13])(
    'in a list, once %i launches are done, loses the device',
    async launches => {
      const { helpers, startHelper } = crew();
      const device = await openProcessor(3, { startHelper });
      devices.push(device);
      const work = await countedWork(device, 5);
      const readback = await device.memory.readback('readback', 16);
      work.submit(long);
      const waits: Promise<unknown>[] = [device.settled()];
      const commands = device.begin();
      commands.copy(await device.memory.storage('source', 16), 0, readback, 0, 16);
      commands.submit();
      waits.push(device.read(readback, 16));
      for (const wait of waits) wait.catch(() => undefined);
      while (work.rowsDone() < launches * work.chunks * chunkRows) await giveWay();
      void helpers[index]!.worker.terminate();
      await expectLost(device, waits);
    },
  );

  it('while nothing is computed loses the device before anything is asked of it', async () => {
    const { helpers, startHelper } = crew();
    const device = await openProcessor(3, { startHelper });
    devices.push(device);
    await helpers[index]!.worker.terminate();
    await expectLost(device, []);
  });
});

it('a helper that takes no part loses the device as well', async () => {
  const { helpers, startHelper } = crew();
  const device = await openProcessor(3, { startHelper });
  devices.push(device);
  const work = await countedWork(device, 5);
  device.setThreads(1);
  work.submit(long);
  const waiting = device.settled();
  waiting.catch(() => undefined);
  while (work.rowsDone() === 0) await giveWay();
  void helpers[2]!.worker.terminate();
  await expectLost(device, [waiting]);
});

describe('helpers that do not begin', () => {
  it.each([
    ['one dies at once', (i: number) => i === 1],
    ['all die at once', () => true],
  ])('%s: one thread computes, and the report says why', async (_, dies) => {
    const { helpers, startHelper } = crew();
    const device = await acquireProcessor({
      startHelper() {
        const helper = startHelper();
        if (dies(helpers.length - 1)) void helper.worker.terminate();
        return helper;
      },
      mostThreads: 3,
    });
    devices.push(device);
    expect(device.report.processor).toMatchObject({ threads: 1, oneThreadBecause: 'helpers-not-started' });
    const work = await countedWork(device, 3);
    work.submit(4);
    await device.settled();
    expect(work.perRow()).toEqual(Array.from({ length: 3 * chunkRows }, () => 4));
  });

  it('one cannot even be made: one thread computes', async () => {
    const { startHelper } = crew();
    let made = 0;
    const device = await acquireProcessor({
      startHelper() {
        if (made++ === 1) throw new TypeError('no more threads');
        return startHelper();
      },
      mostThreads: 2,
    });
    devices.push(device);
    expect(device.report.processor).toMatchObject({ threads: 1, oneThreadBecause: 'helpers-not-started' });
  });
});
