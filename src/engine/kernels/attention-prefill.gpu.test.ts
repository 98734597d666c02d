import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gpuFormAdapters, openAsGpu, openDevice } from '../../../test/support/gpu.ts';
import { randomNormal } from '../../../test/support/random.ts';
import { bufferOf, expectClose, readFloats, run, withVariant } from '../../../test/support/run-kernels.ts';
import type { EngineDevice } from '../device/device.ts';
import type { WebGpuDevice } from '../gpu/device.ts';
import type { Precision } from '../types/precision.ts';
import { type AttentionShape, createRopeAppend } from './attention.ts';
import { attentionPrefillSpecs, createAttentionPrefill, prefillCandidates } from './attention-prefill.ts';
import { storedTwin } from './attention-twins.ts';
import { cacheBytes, pagePositions } from './cache-format.ts';
import { rotationTable } from './rotation-table.ts';
import { attentionTwin } from './twins.ts';

const pages = 4;
const gpu = { variant: { subgroups: false, f16: true }, isSoftware: false };

/** No rotation: what is tested is attention of q as it comes. */
const shapeOf = (heads: number, kvHeads: number, headDim: number, cache: Precision): AttentionShape => ({
  ...{ heads, kvHeads, headDim, cache },
  ropeDimensions: 0,
  pages,
});

const { names } = prefillCandidates(shapeOf(4, 2, 32, 'f32'), gpu);

/** The device building this candidate for steps of many tokens; `small variant`: what devices with lower limits build. */
function building(device: EngineDevice, name: string, cache: Precision): EngineDevice {
  const small = name === 'small variant';
  return withVariant(device, { small, choices: small ? {} : { [`attention-prefill ${cache}`]: name } });
}

// The geometries that GPUs get; attention.gpu.test.ts tests that of the software adapters.
describe.each(gpuFormAdapters)('prefill attention as on a GPU, on %s', adapter => {
  let device: WebGpuDevice;
  beforeAll(async () => {
    device = await openAsGpu(adapter);
  });
  afterAll(() => device.destroy());

  /** Feeds `lengths` tokens step by step, over pages in reverse order; `onStep` sees each step's output beside the twin's. */
  async function feed(
    view: EngineDevice,
    shape: AttentionShape,
    lengths: readonly number[],
    onStep: (out: Float32Array, expected: Float64Array, first: number) => void,
    damage?: (k: Float32Array, first: number) => void,
    isPicture: (first: number) => boolean = () => false,
  ) {
    const { heads, kvHeads, headDim } = shape;
    const order = Uint32Array.from({ length: pages }, (_, i) => pages - 1 - i);
    const shared = {
      pages: await bufferOf(view, order),
      rotations: await bufferOf(view, rotationTable(pages * pagePositions, 2, 1)),
    };
    const cache = {
      keys: await view.memory.storage('keys', cacheBytes(shape)),
      values: await view.memory.storage('values', cacheBytes(shape)),
    };
    const state = await view.memory.uniform('state', new Uint32Array([0, 0]));
    const [allK, allV]: [number[], number[]] = [[], []];
    let first = 0;
    for (const tokens of lengths) {
      const q = randomNormal(tokens * heads * headDim, first + 1);
      // Stored a second time: what that gives back does not hang on how a device rounds a division.
      const [k, v] = [2, 3].map(seed =>
        storedTwin(randomNormal(tokens * kvHeads * headDim, first + seed), headDim, shape.cache),
      ) as [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>];
      damage?.(k, first);
      const buffers = {
        ...shared,
        q: await bufferOf(view, q),
        k: await bufferOf(view, k),
        v: await bufferOf(view, v),
        out: await view.memory.storage('out', q.byteLength),
      };
      const isWhole = isPicture(first);
      view.write(state, 0, new Uint32Array([first, tokens, Number(isWhole)]));
      const append = await createRopeAppend(view, shape, buffers, cache, state);
      const attend = await createAttentionPrefill(view, shape, buffers, cache, state);
      await run(view, [append, ...attend], { position: first, tokens });
      allK.push(...k);
      allV.push(...v);
      const expected = attentionTwin(q, allK, allV, { ...shape, first, isWhole });
      onStep(await readFloats(view, buffers.out, q.length), expected, first);
      first += tokens;
    }
  }

  it.each([...names, 'small variant'])(
    '%s: ragged steps of few and of many tokens, page borders, heads that share keys',
    async name => {
      const view = building(device, name, 'f32');
      const steps: number[] = [];
      await feed(view, shapeOf(6, 2, 32, 'f32'), [64, 2, 61, 8, 9, 50], (out, expected, first) => {
        expectClose(out, expected, 2e-5);
        steps.push(first);
      });
      expect(steps).toEqual([0, 64, 66, 127, 135, 144]);
    },
  );

  it.each([
    { name: 'rows-32', heads: 5, kvHeads: 1, headDim: 80, cache: 'q8' as const },
    { name: 'rows-32', heads: 5, kvHeads: 1, headDim: 76, cache: 'q4' as const },
    { name: 'small variant', heads: 2, kvHeads: 1, headDim: 256, cache: 'f32' as const },
  ])('$name: $heads/$kvHeads heads of $headDim, $cache cache', async ({ name, ...of }) => {
    const shape = shapeOf(of.heads, of.kvHeads, of.headDim, of.cache);
    await feed(building(device, name, of.cache), shape, [37, 3], (out, expected) =>
      expectClose(out, expected, of.cache === 'f32' ? 2e-5 : 1e-4),
    );
  });

  it.each([0, 16, 50])(
    'pictures see themselves in both directions, and all before, in a window of %i',
    async window => {
      const view = building(device, 'rows-32', 'f32');
      const shape = { ...shapeOf(6, 2, 32, 'f32'), ...(window > 0 && { window }) };
      const steps = [5, 70, 3, 16, 90, 9];
      const pictures = [5, 78, 94];
      const compare = (out: Float32Array, expected: Float64Array) => expectClose(out, expected, 2e-5);
      await feed(view, shape, steps, compare, undefined, first => pictures.includes(first));
    },
  );

  it('a key that is not a number spoils the tokens that see it, in its own head, and none before', async () => {
    const view = building(device, 'rows-32', 'f32');
    const width = 2 * 32;
    const spoilt: boolean[] = [];
    await feed(
      view,
      shapeOf(2, 2, 32, 'f32'),
      [40, 20, 3],
      out => {
        for (let i = 0; i < out.length; i += 32) {
          spoilt.push(out.subarray(i, i + 32).every(value => !Number.isFinite(value)));
          expect(out.subarray(i, i + 32).some(value => !Number.isFinite(value))).toBe(spoilt.at(-1));
        }
      },
      (k, first) => {
        if (first === 40) k[7 * width] = Number.NaN;
      },
    );
    // [tokens, heads]: of the first head those from position 47 on.
    expect(spoilt).toEqual(Array.from({ length: 2 * 63 }, (_, i) => i % 2 === 0 && i >= 2 * 47));
  });

  it('launches the form for few tokens or that for many, never both', async () => {
    const shape = shapeOf(6, 2, 32, 'f32');
    const buffer = await device.memory.storage('any', cacheBytes(shape));
    const state = await device.memory.uniform('state', new Uint32Array([0, 1]));
    const buffers = { q: buffer, out: await device.memory.storage('out', 16), pages: buffer };
    const cache = { keys: buffer, values: buffer };
    const attend = await createAttentionPrefill(device, shape, buffers, cache, state);
    const grids = (tokens: number) =>
      attend.map(({ grid }) => (typeof grid === 'function' ? grid({ position: 0, tokens }) : grid));
    // Three heads a key head: 24 rows of 16, 27 of 32, 384 of 32.
    expect([2, 8, 9, 128].map(grids)).toEqual([
      [[2, 1], [0]],
      [[2, 2], [0]],
      [[0], [2, 1]],
      [[0], [2, 12]],
    ]);
  });
});

describe('prefill attention', () => {
  it('compiles at the default limits for every size of head', async () => {
    const device = await openDevice('null');
    expect(device.gpu.limits.maxComputeWorkgroupStorageSize).toBe(16384);
    for (const headDim of [4, 64, 80, 96, 128, 256]) {
      const shape = shapeOf(16, 8, headDim, 'q8');
      const { kind, names: own } = prefillCandidates(shape, gpu);
      for (const name of own) {
        const variant = { ...gpu.variant, choices: { [kind]: name } };
        for (const spec of attentionPrefillSpecs(shape, { ...gpu, variant })) await device.compile(spec);
      }
      expect(device.failed).toBe(false);
    }
    device.destroy();
  });
});
