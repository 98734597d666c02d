import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeAdapters, gpuFormAdapters, openDevice, runsAllCases } from '../../../test/support/gpu.ts';
import { padRows, uploadSample } from '../../../test/support/matrices.ts';
import { randomNormal } from '../../../test/support/random.ts';
import {
  bufferOf,
  expectClose,
  geometries,
  gpuGeometries,
  readFloats,
  run,
  withGeometry,
  withGpuGeometry,
} from '../../../test/support/run-kernels.ts';
import type { EngineDevice } from '../device/device.ts';
import type { GgmlTypeName } from '../quant/block-formats.ts';
import { paddedColumns, placements } from '../quant/gpu-formats.ts';
import { createHalfNorm, type HalfNormed, halfNormedFloats } from './half-norm.ts';
import type { Matrix } from './matrix.ts';
import { createGatedMatvec, createMatvec, matvecForms, matvecSumVectors } from './matvec.ts';
import { matvecCandidates, matvecKind } from './matvec-candidates.ts';
import { linearTolerance, linearTwin, rmsNormTwin, siluMulTolerance, siluMulTwin } from './twins.ts';

// One of each family of formats.
const types: GgmlTypeName[] = ['F32', 'F16', 'Q4_0', 'Q8_0', 'Q5_1', 'Q5_K', 'Q6_K', 'Q3_K'];
/** All on the driver that compiles fastest: what a driver makes of a norm's beginning and end does not hang on the format. */
const typesOn = (adapter: (typeof computeAdapters)[number]): GgmlTypeName[] =>
  runsAllCases() || gpuFormAdapters.includes(adapter) ? types : ['F16', 'Q4_0', 'Q8_0', 'Q6_K'];
const isPlain = (type: GgmlTypeName) => type === 'F32' || type === 'F16';
const step = { position: 0, tokens: 1 };

// Software drivers take many seconds to compile what is written out for GPUs: one run has a format of each width of blocks.
const runsAll = runsAllCases();
const hasTeams = (adapter: (typeof computeAdapters)[number], type: GgmlTypeName) =>
  runsAll || (gpuFormAdapters.includes(adapter) && (type === 'F16' || type === 'Q8_0' || type === 'Q6_K'));
const epsilon = 1e-5;

describe.each(computeAdapters)('products that begin and end a norm on %s', adapter => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openDevice(adapter);
  });
  afterAll(() => device.destroy());

  /** Room for activations of a width, half normed, with the partial sums of the product with `adding` or with one. */
  async function room(view: EngineDevice, columns: number, adding?: Matrix): Promise<HalfNormed> {
    const sumVectors = adding ? matvecSumVectors(adding, view.variant) : 1;
    const bytes = 4 * halfNormedFloats({ columns, sumVectors });
    return { columns, sumVectors, epsilon, buffer: await device.memory.storage('half normed', bytes) };
  }

  /** Half-normed numbers on the device, and their RMSNorm. */
  async function normedInput(view: EngineDevice, columns: number) {
    const x = randomNormal(columns, 5, 3);
    const weight = randomNormal(columns, 6);
    const into = await room(view, columns);
    const begin = await createHalfNorm(view, await bufferOf(device, x), await bufferOf(device, weight), into);
    await run(device, [begin], step);
    return { into, normed: Float32Array.from(rmsNormTwin(x, weight, epsilon)) };
  }

  interface Problem {
    type: GgmlTypeName;
    rows: number;
    columns: number;
  }

  function choosing(type: GgmlTypeName, name: string) {
    const { format } = placements[type]!;
    return Object.fromEntries(matvecForms.map(form => [matvecKind(format, form), name]));
  }

  async function endsNorm(view: EngineDevice, { type, rows, columns }: Problem) {
    const { matrix, weights } = await uploadSample(device, type, rows, columns);
    const { into, normed } = await normedInput(view, columns);
    const y = await device.memory.storage('y', rows * 4);
    await run(device, await createMatvec(view, matrix, into, y), step);
    const expected = linearTwin(weights, normed, rows, columns);
    expectClose(await readFloats(device, y, rows), expected, 2 * linearTolerance(weights, normed));
  }

  async function beginsNorm(view: EngineDevice, { type, rows, columns }: Problem) {
    const { matrix, weights } = await uploadSample(device, type, rows, columns);
    const x = randomNormal(columns, 7);
    const before = randomNormal(rows, 8);
    const weight = randomNormal(rows, 9);
    const into = await room(view, rows, matrix);
    // What another product has left, this one must replace.
    if (view.variant.gpu) {
      device.write(into.buffer, 4 * paddedColumns(rows), new Float32Array(4 * into.sumVectors).fill(7));
    }
    const y = await bufferOf(device, before);
    const xs = await bufferOf(device, padRows(x, columns, paddedColumns(columns)));
    const next = { weight: await bufferOf(device, weight), into };
    await run(device, await createMatvec(view, matrix, xs, y, { accumulate: true, next }), step);

    const sums = linearTwin(weights, x, rows, columns).map((value, i) => value + before[i]!);
    const tolerance = linearTolerance(weights, x) + 1e-6;
    expectClose(await readFloats(device, y, rows), sums, tolerance);
    const half = await readFloats(device, into.buffer, halfNormedFloats(into));
    const largest = Math.max(...weight.map(Math.abs));
    expectClose(
      half.subarray(0, rows),
      sums.map((value, i) => value * weight[i]!),
      tolerance * largest,
    );
    expect(half.subarray(rows, paddedColumns(rows)).every(value => value === 0)).toBe(true);
    const total = half.subarray(paddedColumns(rows)).reduce((sum, value) => sum + value, 0);
    const squares = sums.reduce((sum, value) => sum + value * value, 0);
    expect(Math.abs(total - squares)).toBeLessThan(1e-4 * squares + 1e-6);
  }

  async function gates(view: EngineDevice, { type, rows, columns }: Problem) {
    // Rows between the two matrices must not matter.
    const upRow = rows + 5;
    const { matrix, weights } = await uploadSample(device, type, upRow + rows, columns);
    const { into, normed } = await normedInput(view, columns);
    const y = await device.memory.storage('y', (rows + 1) * 4);
    await run(device, [await createGatedMatvec(view, matrix, upRow, into, y)], step);
    const products = Float32Array.from(linearTwin(weights, normed, upRow + rows, columns));
    const [gate, up] = [products.subarray(0, rows), products.subarray(upRow)];
    const tolerance = siluMulTolerance(gate, up, 2 * linearTolerance(weights, normed));
    const actual = await readFloats(device, y, rows + 1);
    expectClose(actual, siluMulTwin(gate, up), tolerance);
    expect(actual[rows]).toBe(0);
  }

  describe.each(typesOn(adapter))('%s', type => {
    // Without subgroups only the reduction differs, which is the same for all formats and slow to compile.
    const ways = geometries.filter(geometry => geometry !== 'plain' || type === 'Q4_0');
    // 172: rows end inside a unit. 1280: more units than invocations.
    const columns = isPlain(type) ? 172 : 1280;

    it.each(ways)('ends a norm, %s', async geometry => {
      const view = withGeometry(device, geometry)!;
      for (const rows of [1, 7, 133]) await endsNorm(view, { type, rows, columns });
    });

    it.each(ways)('begins the next norm, %s', async geometry => {
      const view = withGeometry(device, geometry)!;
      for (const rows of [1, 7, 133]) await beginsNorm(view, { type, rows, columns });
    });

    it.each(ways)('gates, %s', async geometry => {
      const view = withGeometry(device, geometry)!;
      for (const rows of [1, 7, 66]) await gates(view, { type, rows, columns });
    });

    // What a lane takes of a row depends on the format, how a team adds up does not.
    it.each(hasTeams(adapter, type) ? ['teams-2', 'quarter-blocks-2'] : [])(
      'computes the same in teams on a GPU: %s',
      async name => {
        const choices = choosing(type, name);
        await beginsNorm(withGpuGeometry(device, 'one subgroup a team', { choices }), {
          type,
          rows: 133,
          columns,
        });
      },
    );
  });

  it.each(gpuFormAdapters.includes(adapter) ? gpuGeometries : [])(
    'every candidate of Q4_0 computes the same on a GPU, %s',
    async geometry => {
      const [type, columns] = ['Q4_0', 1280] as const;
      const { variant } = withGpuGeometry(device, geometry);
      for (const name of matvecCandidates(placements[type]!.format, variant)) {
        const view = withGpuGeometry(device, geometry, { choices: choosing(type, name) });
        for (const rows of [7, 133]) {
          await endsNorm(view, { type, rows, columns });
          await beginsNorm(view, { type, rows, columns });
          await gates(view, { type, rows, columns });
        }
      }
    },
  );

  it.each(geometries)('begins and ends a norm over the parts of split matrices, %s', async geometry => {
    const view = withGeometry(device, geometry)!;
    const [rows, columns] = [333, 256];
    const adding = await uploadSample(device, 'Q4_K', rows, columns, 64 * 128 * 2);
    const reading = await uploadSample(device, 'F32', 5, rows);
    expect(adding.matrix.parts.length).toBe(3);
    const x = randomNormal(columns, 5);
    const weight = randomNormal(rows, 6);
    const into = await room(view, rows, adding.matrix);
    const residual = await device.memory.storage('x', rows * 4);
    const y = await device.memory.storage('y', 20);
    const next = { weight: await bufferOf(device, weight), into };
    const xs = await bufferOf(device, x);
    const add = await createMatvec(view, adding.matrix, xs, residual, { accumulate: true, next });
    await run(device, [...add, ...(await createMatvec(view, reading.matrix, into, y))], step);
    const sums = Float32Array.from(linearTwin(adding.weights, x, rows, columns));
    const normed = Float32Array.from(rmsNormTwin(sums, weight, epsilon));
    expectClose(
      await readFloats(device, y, 5),
      linearTwin(reading.weights, normed, 5, rows),
      4 * linearTolerance(reading.weights, normed),
    );
  });

  it('takes the mean over the columns alone, and adds epsilon to it', async () => {
    const columns = 40;
    const { matrix, weights } = await uploadSample(device, 'F32', 5, columns);
    // So small that epsilon decides.
    const x = randomNormal(columns, 5, 1e-3);
    const ones = new Float32Array(columns).fill(1);
    const into = await room(device, columns);
    const y = await device.memory.storage('y', 20);
    const begin = await createHalfNorm(device, await bufferOf(device, x), await bufferOf(device, ones), into);
    await run(device, [begin, ...(await createMatvec(device, matrix, into, y))], step);
    const normed = Float32Array.from(rmsNormTwin(x, ones, epsilon));
    expectClose(
      await readFloats(device, y, 5),
      linearTwin(weights, normed, 5, columns),
      linearTolerance(weights, normed),
    );
  });
});
