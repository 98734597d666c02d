import { afterAll, beforeAll, describe, it } from 'vitest';
import { computeAdapters, openDevice } from '../../../test/support/gpu.ts';
import { randomNormal } from '../../../test/support/random.ts';
import { bufferOf, expectClose, readFloats, run, withVariant } from '../../../test/support/run-kernels.ts';
import type { EngineDevice } from '../device/device.ts';
import { createRmsNorm } from './rms-norm.ts';
import { createSiluMul } from './silu-mul.ts';
import { rmsNormTwin, siluMulTwin } from './twins.ts';

describe.each(computeAdapters)('norm and activation kernels on %s', adapter => {
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
});
