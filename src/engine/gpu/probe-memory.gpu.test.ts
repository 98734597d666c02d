import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { computeAdapters, openDevice } from '../../../test/support/gpu.ts';
import { limitMemory } from '../../../test/support/small-device.ts';
import { readBuffer } from '../device/readback.ts';
import type { WebGpuDevice } from './device.ts';

const mebibyte = 2 ** 20;

describe.each(computeAdapters)('probing the memory of %s', adapter => {
  let device: WebGpuDevice;
  beforeEach(async () => {
    device = await openDevice(adapter);
  });
  afterEach(() => device.destroy());

  /** The device computes as before, and holds nothing that it did not hold. */
  async function expectUntouched(): Promise<void> {
    expect(device.failed).toBe(false);
    const buffer = await device.memory.storage('after', 16);
    device.write(buffer, 0, new Uint32Array([1, 2, 3, 4]));
    expect([...new Uint32Array(await readBuffer(device, buffer, 16))]).toEqual([1, 2, 3, 4]);
    device.memory.release(buffer);
    expect(device.memory.bytes).toBe(0);
  }

  it('finds room, asks for the biggest first, and gives all of it back', async () => {
    const memory = limitMemory(device);
    const sizes = [1, 64, 3].map(count => count * mebibyte);
    expect(await device.memory.probe(sizes)).toEqual({
      wantedBytes: 68 * mebibyte,
      allocatedBytes: 68 * mebibyte,
    });
    expect(memory.asked).toEqual([64, 3, 1].map(count => count * mebibyte));
    expect(memory.liveBytes).toBe(0);
    await expectUntouched();
  });

  it('finds the most that there is room for, and tries no size again that found none', async () => {
    const memory = limitMemory(device, 99 * mebibyte);
    const sizes = [40, 40, 40, 40, 15, 15].map(count => count * mebibyte);
    const { wantedBytes, allocatedBytes } = await device.memory.probe(sizes);
    expect(wantedBytes).toBe(190 * mebibyte);
    expect(allocatedBytes).toBeLessThanOrEqual(99 * mebibyte);
    expect(allocatedBytes).toBeGreaterThan(98.8 * mebibyte);
    expect(memory.asked.slice(0, 5)).toEqual([40, 40, 40, 15, 15].map(count => count * mebibyte));
    expect(Math.max(...memory.asked.slice(5))).toBeLessThan(15 * mebibyte);
    expect(memory.asked.length).toBeLessThan(16);
    expect(memory.liveBytes).toBe(0);
    await expectUntouched();
  });

  it('never asks for more in one piece than the device allows', async () => {
    const memory = limitMemory(device);
    const tooLarge = device.gpu.limits.maxBufferSize + 16;
    memory.capacityBytes = mebibyte;
    expect((await device.memory.probe([tooLarge, 32])).allocatedBytes).toBeLessThanOrEqual(mebibyte);
    expect(memory.asked[0]).toBe(32);
    expect(Math.max(...memory.asked)).toBeLessThanOrEqual(tooLarge - 16);
    await expectUntouched();
  });

  it('gives all of it back when it is stopped', async () => {
    const memory = limitMemory(device);
    const stop = new AbortController();
    const createBuffer = device.gpu.createBuffer.bind(device.gpu);
    device.gpu.createBuffer = descriptor => {
      if (memory.asked.length === 1) stop.abort();
      return createBuffer(descriptor);
    };
    await expect(device.memory.probe([64, 64, 64], stop.signal)).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(memory.asked).toHaveLength(2);
    expect(memory.liveBytes).toBe(0);
    device.gpu.createBuffer = createBuffer;
    await expectUntouched();
  });

  it('says that the device was lost meanwhile', async () => {
    const lost = device.memory.probe(new Array<number>(64).fill(mebibyte));
    device.destroy();
    await expect(lost).rejects.toMatchObject({ code: 'device-lost' });
  });
});
