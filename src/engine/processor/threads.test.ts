import { afterEach, describe, expect, it } from 'vitest';
import { openProcessor } from '../../../test/support/processor.ts';
import { startThread } from '../../cli/input/processor-threads.ts';
import type { EngineDevice } from '../device/device.ts';
import type { Dispatch } from '../device/dispatch.ts';
import { readBuffer } from '../device/readback.ts';
import {
  type AttentionShape,
  createAttentionDecode,
  createRopeAppend,
  decodeScratch,
} from '../kernels/attention.ts';
import { createAttentionPrefill } from '../kernels/attention-prefill.ts';
import { allocateShapes } from '../kernels/buffer-shape.ts';
import { cacheBytes } from '../kernels/cache-format.ts';
import { createHalfNorm, halfNormedFloats } from '../kernels/half-norm.ts';
import { createMatmul } from '../kernels/matmul.ts';
import { createGatedMatvec, createMatvec } from '../kernels/matvec.ts';
import { TestBench } from '../kernels/registry/test-bench.ts';
import { rotationTable } from '../kernels/rotation-table.ts';
import { sampleNumbers } from '../quant/sample-blocks.ts';

const devices: EngineDevice[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.destroy();
});

async function open(threads: number) {
  const device = await openProcessor(threads);
  devices.push(device);
  return device;
}

/** A layer's worth of launches, each reading what the one before it wrote. @returns the bytes of all that they leave */
async function computeLayer(device: EngineDevice): Promise<number[]> {
  const bench = new TestBench(device);
  const columns = 512;
  const shape: AttentionShape = {
    heads: 8,
    kvHeads: 4,
    headDim: 64,
    ropeDimensions: 64,
    pages: 6,
    cache: 'q8',
  };
  const tokens = 70;
  const state = await bench.state(0, tokens);
  const x = await bench.buffer(sampleNumbers(tokens * columns, 1));
  const { matrix: square } = await bench.matrix('Q4_K', columns, columns);
  const { matrix: gateUp } = await bench.matrix('Q4_0', 2 * 300, columns);
  const q = { buffer: await bench.space(tokens * columns), stride: columns };
  const kv = await bench.buffer(sampleNumbers(tokens * 4 * 64, 2));
  const words = cacheBytes(shape) / 4;
  const cache = { keys: await bench.space(words), values: await bench.space(words) };
  const rotations = await bench.buffer(rotationTable(tokens, 64, 10000));
  const pages = await bench.buffer(new Uint32Array([3, 1, 2, 0, 4, 5]));
  const out = await bench.space(tokens * columns);
  const rope = { q: q.buffer, k: kv, v: kv, rotations, pages };
  const half = { columns, epsilon: 1e-6, sumVectors: columns / 16 };
  const into = { ...half, buffer: await bench.space(halfNormedFloats(half)) };
  const norm = await bench.buffer(sampleNumbers(columns, 3));
  const gated = await bench.space(300);
  const one = await bench.space(columns);
  const scratch = await allocateShapes(device, decodeScratch(shape));
  const prefill: Dispatch[] = [
    ...(await createMatmul(device, square, { buffer: x, stride: columns }, q, state)),
    await createRopeAppend(device, shape, rope, cache, state),
    ...(await createAttentionPrefill(device, shape, { q: q.buffer, out, pages }, cache, state)),
  ];
  const last = await bench.state(tokens - 1, 1);
  const decode: Dispatch[] = [
    ...(await createAttentionDecode(device, shape, { q: out, out: one, pages, scratch }, cache, last)),
    await createHalfNorm(device, one, norm, into),
    ...(await createMatvec(device, square, one, x, { accumulate: true, next: { weight: norm, into } })),
    await createGatedMatvec(device, gateUp, 300, into, gated),
  ];
  bench.run(prefill, { position: 0, tokens });
  bench.run(decode, { position: tokens - 1, tokens: 1 });
  const bytes: number[] = [];
  for (const buffer of [q.buffer, out, one, x, into.buffer, gated, cache.keys, cache.values]) {
    bytes.push(...new Uint32Array(await readBuffer(device, buffer, buffer.size)));
  }
  return bytes;
}

describe('threads', () => {
  it('compute the same bits, however many they are', async () => {
    const alone = await computeLayer(await open(0));
    expect(alone.some(word => word !== 0)).toBe(true);
    for (const threads of [1, 2, 3]) expect(await computeLayer(await open(threads))).toEqual(alone);
  });

  it('make a lost device of a helper that ends, and reject what waits', async () => {
    const helpers: ReturnType<typeof startThread>[] = [];
    const startHelper = () => {
      const helper = startThread();
      helpers.push(helper);
      return helper;
    };
    const device = await openProcessor(2, { startHelper });
    devices.push(device);
    const bench = new TestBench(device);
    const x = { buffer: await bench.space(64 * 512), stride: 512 };
    const { matrix } = await bench.matrix('F32', 512, 512);
    const product = await createMatmul(device, matrix, x, x, await bench.state(0, 64));
    bench.run(product, { position: 0, tokens: 64 });
    await device.settled();
    // Half of it gone, the other waits at a barrier that nobody passes.
    await helpers[1]!.worker.terminate();
    bench.run(product, { position: 0, tokens: 64 });
    await expect(device.settled()).rejects.toMatchObject({ code: 'device-lost' });
    await expect(device.lost).resolves.toMatchObject({ code: 'device-lost' });
    expect(device.failed).toBe(true);
  });
});
