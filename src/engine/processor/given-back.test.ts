import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, it } from 'vitest';
import { openProcessor } from '../../../test/support/processor.ts';
import type { PlannedBuffer } from '../device/memory.ts';
import { createSiluMul } from '../kernels/silu-mul.ts';
import type { ProcessorDevice } from './device.ts';

const halfBytes = 64 * 2 ** 20;
const models = 10;

const devices: ProcessorDevice[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.destroy();
});

/** A model of two buffers, in whose memory every page is written and every thread computes. */
async function replaceModel(device: ProcessorDevice): Promise<WeakRef<WebAssembly.Memory>> {
  const { memory } = device;
  const buffers = ['gate', 'up'].map(
    (label): PlannedBuffer => ({ kind: 'storage', label, bytes: halfBytes }),
  );
  const request = { buffers, besideBytes: 0 };
  await memory.reserve(request);
  memory.releaseAll();
  const room = await memory.reserve(request);
  expect(room.roomBytes).toBeGreaterThanOrEqual(room.wantedBytes);
  const [gate, up] = [await memory.storage('gate', halfBytes), await memory.storage('up', halfBytes)];
  const piece = new Float32Array(2 ** 20).fill(1);
  for (const buffer of [gate, up]) {
    for (let at = 0; at < halfBytes; at += piece.byteLength) device.write(buffer, at, piece);
  }
  const commands = device.begin();
  commands.launch([await createSiluMul(device, gate, up, 4096)], { position: 0, tokens: 1 });
  commands.submit();
  await device.settled();
  return new WeakRef(gate.home!.wasm);
}

it.each([0, 2])('leaves nothing of ten models but the last one, helpers: %i', async threads => {
  const device = await openProcessor(threads, { guardBytes: 0, sideBytes: 2 ** 20 });
  devices.push(device);
  const made = [await replaceModel(device)];
  const first = process.memoryUsage().rss;
  for (let i = 1; i < models; i++) made.push(await replaceModel(device));
  const alive = () => made.filter(memory => memory.deref()).length;
  // Of the process as a whole, so what a helper holds on to counts as well.
  const more = () => (process.memoryUsage().rss - first) / (2 * halfBytes);
  // Nobody calls the garbage collector, as nobody can in a page: it comes when it comes, and does not let them add up.
  await expect.poll(alive).toBeLessThan(models / 2);
  await expect.poll(more).toBeLessThan(models / 2);

  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const left = () => {
    collectGarbage();
    return alive();
  };
  await expect.poll(left).toBe(1);
  device.memory.releaseAll();
  expect(device.memory.banks).toEqual([device.memory.firstBank]);
  await expect.poll(left).toBe(0);
});
