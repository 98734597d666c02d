import { afterEach, describe, expect, it } from 'vitest';
import { countedWork, stopLater } from '../../../test/support/counted-work.ts';
import { openProcessor } from '../../../test/support/processor.ts';
import type { EngineDevice } from '../device/device.ts';
import type { KernelNeeds } from '../kernels/registry/kernel-entry.ts';
import { kernelProblems } from '../kernels/registry/registry.ts';
import { reportKernels } from './kernel-report.ts';
import { selfTest } from './self-test.ts';

const shape = { heads: 4, kvHeads: 2, headDim: 64, ropeDimensions: 64, pages: 2, cache: 'f32' as const };
const needs: KernelNeeds = { text: { types: ['Q4_0'], embeddings: ['Q4_0'], attention: [shape] } };

const devices: EngineDevice[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.destroy();
});

describe.each([0, 2])('a stop on the processor with %i helpers', threads => {
  it.each([0, 1, 4])(
    '%i turns after its beginning ends the self-test, which is right the next time',
    async turns => {
      const device = await openProcessor(threads);
      devices.push(device);
      const work = await countedWork(device);
      const stop = new AbortController();
      stopLater(work, stop, turns);
      await expect(selfTest(device, needs, stop.signal)).rejects.toMatchObject({ code: 'aborted' });
      await selfTest(device, needs);
    },
  );

  it('ends the test of the device, while it compares and while it times', async () => {
    const device = await openProcessor(threads);
    devices.push(device);
    const work = await countedWork(device);
    const held = device.memory.bytes;
    for (const [rows, turns] of [
      [0, 1],
      [1, 0],
      [2, 2],
      [3, 5],
    ] as const) {
      const stop = new AbortController();
      const testing = reportKernels(device, kernelProblems(needs), {
        signal: stop.signal,
        onRows: (_, done, __, next) => next && done === rows && stopLater(work, stop, turns),
      });
      await expect(testing).rejects.toMatchObject({ code: 'aborted' });
      expect(device.memory.bytes).toBe(held);
    }
    const { rows } = await reportKernels(device, kernelProblems(needs));
    expect(rows.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  });
});
