import { afterEach, describe, expect, it } from 'vitest';
import { openProcessor } from '../../../test/support/processor.ts';
import { floatBits } from '../../engine/device/memory.ts';
import { readBuffer } from '../../engine/device/readback.ts';
import type { ProcessorDevice } from '../../engine/processor/device.ts';
import { sampleNumbers } from '../../engine/quant/sample-blocks.ts';
import { DeviceClock } from '../../engine/timing/clock.ts';
import { measureCopyKernel, measureMultiplyAdd } from './device-rates.ts';

const devices: ProcessorDevice[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.destroy();
});

async function open(threads: number): Promise<ProcessorDevice> {
  const device = await openProcessor(threads);
  devices.push(device);
  return device;
}

const step = { position: 0, tokens: 1 };
const unread = { code: '', entryPoint: '' };

describe.each([0, 3])('what measures the rates of the processor, on %d helpers', threads => {
  it('copies every byte and none beyond', async () => {
    const device = await open(threads);
    const numbers = sampleNumbers(50_001, 1);
    const source = await device.memory.storage('source', numbers.byteLength);
    const target = await device.memory.storage('target', numbers.byteLength);
    device.write(source, 0, numbers);
    const spec = { kernel: 'bench-copy' as const, form: {}, label: 'copy', ...unread };
    const dispatch = await device.createDispatch(spec, { 0: source, 1: target }, [1]);
    const commands = device.begin();
    commands.launch([dispatch], step);
    commands.submit();
    expect([...new Float32Array(await readBuffer(device, target, numbers.byteLength))]).toEqual([...numbers]);
    expect(device.memory.brokenGuards()).toEqual([]);
  });

  it('multiplies and adds as often as it says', async () => {
    const device = await open(threads);
    const [rounds, factor, addend, count] = [2, 0.999, 0.001, 500];
    const results = await device.memory.storage('results', 4 * count);
    const words = new Uint32Array([rounds, floatBits(factor), floatBits(addend), 0]);
    const params = await device.memory.uniform('params', words);
    const spec = { kernel: 'bench-multiply-add' as const, form: {}, label: 'multiply-add', ...unread };
    const dispatch = await device.createDispatch(spec, { 0: params, 1: results }, [1]);
    const commands = device.begin();
    commands.launch([dispatch], step);
    commands.submit();
    const found = new Float32Array(await readBuffer(device, results, 4 * count));
    for (let id = 0; id < count; id++) {
      let expected = 0;
      for (let lane = 0; lane < 8; lane++) {
        let value = id + lane;
        for (let i = 0; i < 16 * rounds; i++) value = value * factor + addend;
        expected += value;
      }
      // 32 steps that each round to half a unit in the last of 24 bits, twice.
      expect(Math.abs(found[id]! - expected)).toBeLessThan(64 * 2 ** -24 * Math.max(1, expected));
    }
    expect(device.memory.brokenGuards()).toEqual([]);
  });

  it('gives rates and leaves nothing behind', async () => {
    const device = await open(threads);
    const clock = await DeviceClock.create(device);
    const sampling = { repeat: 3, budgetMs: 0 };
    const bytes = device.memory.bytes;
    expect((await measureMultiplyAdd(device, clock, sampling)).gflops.median).toBeGreaterThan(0);
    expect((await measureCopyKernel(device, clock, 1024 * 1024, sampling)).median).toBeGreaterThan(0);
    expect(device.memory.bytes).toBe(bytes);
    device.check();
  });
});
