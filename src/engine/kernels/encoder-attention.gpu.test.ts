import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeAdapters, gpuFormAdapters, openAsGpu, openDevice } from '../../../test/support/gpu.ts';
import { randomNormal } from '../../../test/support/random.ts';
import { bufferOf, expectClose, readFloats, run, withVariant } from '../../../test/support/run-kernels.ts';
import type { EngineDevice } from '../device/device.ts';
import type { WebGpuDevice } from '../gpu/device.ts';
import { encoderAttentionTwin, softmaxTolerance } from './attention-twins.ts';
import {
  createEncoderAttention,
  type EncoderAttentionShape,
  encoderAttentionSpec,
  encoderCandidates,
} from './encoder-attention.ts';

const gpu = { variant: { subgroups: false, f16: false }, isSoftware: false };

type Floats = Float32Array<ArrayBuffer>;

interface Inputs {
  q: Floats;
  k: Floats;
  v: Floats;
}

function randomInputs(shape: EncoderAttentionShape, rows: number, scale = 1): Inputs {
  const count = rows * shape.heads * shape.headDim;
  return {
    q: randomNormal(count, 1, scale),
    k: randomNormal(count, 2, scale),
    v: randomNormal(count, 3),
  };
}

async function attend(device: EngineDevice, shape: EncoderAttentionShape, inputs: Inputs) {
  const rows = inputs.q.length / (shape.heads * shape.headDim);
  const buffers = {
    q: await bufferOf(device, inputs.q),
    k: await bufferOf(device, inputs.k),
    v: await bufferOf(device, inputs.v),
    out: await device.memory.storage('out', inputs.q.byteLength),
  };
  const state = await device.memory.uniform('state', new Uint32Array([0, rows]));
  const dispatch = await createEncoderAttention(device, shape, buffers, state);
  await run(device, [dispatch], { position: 0, tokens: rows });
  return readFloats(device, buffers.out, inputs.q.length);
}

describe.each(computeAdapters)('encoder attention on %s', adapter => {
  let device: WebGpuDevice;
  beforeAll(async () => {
    device = await openDevice(adapter);
  });
  afterAll(() => device.destroy());

  async function check(shape: EncoderAttentionShape, inputs: Inputs) {
    const expected = encoderAttentionTwin(inputs.q, inputs.k, inputs.v, shape);
    const largest = inputs.v.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    const tolerance = largest * softmaxTolerance(inputs.q, inputs.k, shape.headDim, shape.positions);
    expectClose(await attend(device, shape, inputs), expected, tolerance);
  }

  it.each([
    { headDim: 32, positions: 65, heads: 4, tiles: 3 },
    { headDim: 64, positions: 1025, heads: 2, tiles: 1 },
    { headDim: 128, positions: 33, heads: 1, tiles: 1 },
    { headDim: 128, positions: 64, heads: 2, tiles: 2 },
    { headDim: 4, positions: 1, heads: 1, tiles: 1 },
    { headDim: 4, positions: 32, heads: 3, tiles: 5 },
    { headDim: 80, positions: 130, heads: 3, tiles: 2 },
    { headDim: 100, positions: 31, heads: 2, tiles: 2 },
  ])('$heads heads of $headDim, $tiles tiles of $positions positions', async ({ tiles, ...shape }) => {
    await check(shape, randomInputs(shape, tiles * shape.positions));
  });

  it('a last tile with fewer rows attends to those rows', async () => {
    const shape = { heads: 2, headDim: 32, positions: 80 };
    await check(shape, randomInputs(shape, 2 * shape.positions + 7));
  });

  it('large scores whose maximum keeps rising', async () => {
    const shape = { heads: 2, headDim: 64, positions: 200 };
    const inputs = randomInputs(shape, shape.positions, 4);
    // Scores of several hundred, and later keys larger: exp() of one overflows without the running maximum.
    inputs.k.forEach((value, i) => {
      inputs.k[i] = value * (1 + i / inputs.k.length);
    });
    await check(shape, inputs);
  });

  it('large scores whose maximum comes first', async () => {
    const shape = { heads: 1, headDim: 64, positions: 100 };
    const inputs = randomInputs(shape, shape.positions, 4);
    inputs.k.copyWithin(0, 70 * 64, 71 * 64);
    inputs.q.copyWithin(0, 70 * 64, 71 * 64);
    await check(shape, inputs);
  });

  it('a key that is not a number spoils its own head of its own tile and nothing else', async () => {
    const shape = { heads: 2, headDim: 32, positions: 65 };
    const row = shape.heads * shape.headDim;
    const inputs = randomInputs(shape, 3 * shape.positions);
    // The first row of tile 1: read beside the last ones of tile 0 by a kernel that forgets the border.
    inputs.k[65 * row] = Number.NaN;
    inputs.v[2 * 65 * row + 32] = Number.NaN;
    const out = await attend(device, shape, inputs);
    out.forEach((value, i) => {
      const tile = Math.floor(i / (65 * row));
      const head = Math.floor((i % row) / 32);
      const spoilt = (tile === 1 && head === 0) || (tile === 2 && i % row === 32);
      if (Number.isFinite(value) === spoilt) throw new Error(`tile ${tile}, head ${head}: ${value}`);
    });
  });
});

// The geometries that GPUs get.
describe.each(gpuFormAdapters)('encoder attention as on a GPU, on %s', adapter => {
  let device: WebGpuDevice;
  beforeAll(async () => {
    device = await openAsGpu(adapter);
  });
  afterAll(() => device.destroy());

  it.each([...encoderCandidates(gpu).names, 'small variant'])(
    '%s: ragged blocks of queries, of keys and of the last tile',
    async name => {
      const small = name === 'small variant';
      const view = withVariant(device, { small, choices: small ? {} : { 'attention-encoder': name } });
      const shape = { heads: 3, headDim: 36, positions: 70 };
      const inputs = randomInputs(shape, 2 * shape.positions + 7);
      const expected = encoderAttentionTwin(inputs.q, inputs.k, inputs.v, shape);
      const largest = inputs.v.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      const tolerance = largest * softmaxTolerance(inputs.q, inputs.k, shape.headDim, shape.positions);
      expectClose(await attend(view, shape, inputs), expected, tolerance);
    },
  );
});

describe('encoder attention', () => {
  // Devices with the default limit of 16384 bytes of workgroup memory, at every head size.
  it('compiles for every head size that models use', async () => {
    const device = await openDevice('null');
    expect(device.gpu.limits.maxComputeWorkgroupStorageSize).toBe(16384);
    for (const headDim of [4, 8, 32, 64, 72, 80, 88, 96, 104, 112, 128]) {
      for (const name of encoderCandidates(gpu).names) {
        const variant = { ...gpu.variant, choices: { 'attention-encoder': name } };
        const shape = { heads: 16, headDim, positions: 1025 };
        await device.compile(encoderAttentionSpec(shape, { ...gpu, variant }));
      }
      expect(device.failed).toBe(false);
    }
    device.destroy();
  });
});
