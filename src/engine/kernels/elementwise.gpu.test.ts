import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeAdapters, openDevice } from '../../../test/support/gpu.ts';
import { randomNormal } from '../../../test/support/random.ts';
import { bufferOf, expectClose, readFloats, run, withVariant } from '../../../test/support/run-kernels.ts';
import type { EngineDevice } from '../device/device.ts';
import { readBuffer } from '../device/readback.ts';
import { allocateShapes } from './buffer-shape.ts';
import { createRmsNorm } from './rms-norm.ts';
import { brokenId, candidateCount, createArgmax, createTopK, topKShapes } from './sample.ts';
import { createSiluMul } from './silu-mul.ts';
import { rmsNormTwin, siluMulTwin, topKTwin } from './twins.ts';

describe.each(computeAdapters)('norm, activation and sampling kernels on %s', adapter => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openDevice(adapter);
  });
  afterAll(() => device.destroy());

  it.each([
    [1, 64, true],
    [3, 172, true],
    [5, 5120, true],
    [2, 100, false],
  ])('rms-norm of %i x %i, subgroups %s', async (tokens, columns, subgroups) => {
    const view = withVariant(device, { subgroups: subgroups && device.variant.subgroups });
    const x = randomNormal(tokens * columns, 1, 3);
    const weight = randomNormal(columns, 2);
    const xs = { buffer: await bufferOf(view, x), stride: columns };
    const ys = { buffer: await view.memory.storage('y', x.byteLength), stride: columns };
    const state = await view.memory.uniform('state', new Uint32Array([0, tokens]));
    const options = { columns, epsilon: 1e-5 };
    const weights = await bufferOf(view, weight);
    await run(view, [await createRmsNorm(view, xs, weights, ys, state, options)], { position: 0, tokens });
    const expected = rmsNormTwin(x, weight, 1e-5);
    expectClose(await readFloats(view, ys.buffer, x.length), expected, 1e-5);
    const last = { buffer: await view.memory.storage('y', columns * 4), stride: columns };
    const lastOnly = { ...options, lastToken: true };
    await run(view, [await createRmsNorm(view, xs, weights, last, state, lastOnly)], { position: 0, tokens });
    expectClose(await readFloats(view, last.buffer, columns), expected.slice(-columns), 1e-5);
  });

  it.each([
    [1, 64],
    [7, 172],
    [2, 13824],
  ])('silu-mul of %i x %i', async (tokens, stride) => {
    const gate = randomNormal(tokens * stride, 1, 8);
    const up = randomNormal(tokens * stride, 2);
    const buffer = await bufferOf(device, gate);
    await run(device, [await createSiluMul(device, buffer, await bufferOf(device, up), stride)], {
      position: 0,
      tokens,
    });
    expectClose(await readFloats(device, buffer, gate.length), siluMulTwin(gate, up), 1e-4);
  });

  const counts = [1, 63, 1024, 4096, 32001, 92553];
  async function argmaxOf(logits: Float32Array<ArrayBuffer>): Promise<[number, number]> {
    const ids = await device.memory.storage('ids', 16);
    const result = await device.memory.storage('result', 8);
    const dispatch = await createArgmax(device, await bufferOf(device, logits), ids, result, logits.length);
    await run(device, [dispatch], { position: 0, tokens: 1 });
    const next = new Uint32Array(await readBuffer(device, ids, 4))[0]!;
    return [new Uint32Array(await readBuffer(device, result, 8))[0]!, next];
  }

  it.each(counts)('argmax of %i logits', async count => {
    const logits = randomNormal(count, count);
    const [expected] = topKTwin(logits, 1);
    expect(await argmaxOf(logits)).toEqual([expected, expected]);
  });

  it('argmax: ties go to the lowest id, numbers that are not finite are reported', async () => {
    const tied = new Float32Array(5000).fill(-1);
    tied[4999] = tied[257] = tied[300] = 2;
    expect((await argmaxOf(tied))[0]).toBe(257);
    for (const broken of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const logits = randomNormal(5000, 3);
      logits[1234] = broken;
      expect((await argmaxOf(logits))[0]).toBe(brokenId);
    }
  });

  async function topKOf(logits: Float32Array<ArrayBuffer>): Promise<{ ids: number[]; values: number[] }> {
    const { dispatches, candidates } = await createTopK(
      device,
      await bufferOf(device, logits),
      logits.length,
      await allocateShapes(device, topKShapes(logits.length)),
    );
    await run(device, dispatches, { position: 0, tokens: 1 });
    const pairs = new Uint32Array(await readBuffer(device, candidates, candidateCount * 8));
    const values = new Float32Array(pairs.buffer);
    const each = Array.from({ length: candidateCount }, (_, i) => i);
    return { ids: each.map(i => pairs[2 * i + 1]!), values: each.map(i => values[2 * i]!) };
  }

  it.each(counts)('top-k of %i logits', async count => {
    const logits = randomNormal(count, count);
    if (count > 2000) logits[2000] = logits[10]!; // a tie
    const expected = topKTwin(logits, candidateCount);
    const { ids, values } = await topKOf(logits);
    expect(ids.slice(0, expected.length)).toEqual(expected);
    expect(values.slice(0, expected.length)).toEqual(expected.map(id => logits[id]!));
  });

  it('top-k reports numbers that are not finite', async () => {
    const logits = randomNormal(5000, 3);
    logits[4321] = Number.NaN;
    expect((await topKOf(logits)).ids[0]).toBe(brokenId);
  });
});
