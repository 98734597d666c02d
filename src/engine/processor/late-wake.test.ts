import { afterEach, expect, it, vi } from 'vitest';
import { chunkRows, countedWork } from '../../../test/support/counted-work.ts';
import { openProcessor } from '../../../test/support/processor.ts';
import type { EngineDevice } from '../device/device.ts';

const devices: EngineDevice[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const device of devices.splice(0)) device.destroy();
});

/**
 * Whoever submits is held up between writing its order and waking those who sleep. Helpers that were awake have found the order by
 * themselves then, and have computed and fallen asleep again when they are woken for it.
 */
function wakeLate(helpers: number): void {
  const notify = Atomics.notify;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  vi.spyOn(Atomics, 'notify').mockImplementation((words, at) => {
    let woken = 0;
    // For the order itself, for nothing, and once more when they are back from that.
    while (woken < 3 * helpers) {
      woken += notify(words as unknown as Int32Array, at);
      Atomics.wait(pause, 0, 0, 1);
    }
    return woken;
  });
}

it.each([1, 2, 3])('%i helpers compute a list once, also where they are woken for it late', async helpers => {
  const device = await openProcessor(helpers);
  devices.push(device);
  const work = await countedWork(device, 5);
  wakeLate(helpers);
  for (let submits = 1; submits <= 4; submits++) {
    work.submit(2);
    await device.settled();
    expect(work.perRow()).toEqual(Array.from({ length: 5 * chunkRows }, () => 2 * submits));
  }
});
