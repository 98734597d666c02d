import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeAdapters, openDevice } from '../../../test/support/gpu.ts';
import { padRows, unpadRows } from '../../../test/support/matrices.ts';
import { randomBytes, randomNormal } from '../../../test/support/random.ts';
import { bufferOf, expectClose, readFloats, run } from '../../../test/support/run-kernels.ts';
import type { EngineDevice } from '../device/device.ts';
import type { Dispatch } from '../device/dispatch.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { paddedColumns, placements } from '../quant/gpu-formats.ts';
import { createMatmul } from './matmul.ts';
import { allocateMatrix, writeRows } from './matrix.ts';
import { linearTolerance } from './twins.ts';
import { createPatches, createPatchPool, createPixelShuffle, createPositions } from './vision.ts';
import { patchesTwin, patchPoolTwin, pixelShuffleTwin, positionsTwin } from './vision-twins.ts';

const colours = { hasClass: true, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
// Of values up to 2.7: a few roundings of v / 255 and of the mean, over a deviation, and one of the quotient.
const pixelTolerance = 2 ** -24 * (6 / 0.224 + 3 * 2.7);

describe.each(computeAdapters)('vision kernels on %s', adapter => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openDevice(adapter);
  });
  afterAll(() => device.destroy());

  const stateOf = (tokens: number) => device.memory.uniform('state', new Uint32Array([0, tokens]));

  async function pixelBuffer(pixels: Uint8Array): Promise<DeviceBuffer> {
    const words = new Uint32Array(Math.ceil(pixels.length / 4));
    new Uint8Array(words.buffer).set(pixels);
    return bufferOf(device, words);
  }

  /** The launch over two dimensions of workgroups, as on a grid too long for one; a little more than needed. */
  function folded(dispatch: Dispatch, tokens: number): Dispatch {
    const grid = typeof dispatch.grid === 'function' ? dispatch.grid({ position: 0, tokens }) : dispatch.grid;
    return { ...dispatch, grid: [Math.ceil((grid[0] * (grid[1] ?? 1)) / 3), 3] };
  }

  const tilings = [
    { tiles: 3, tile: 28, patch: 14 },
    { tiles: 2, tile: 112, patch: 14 },
    { tiles: 1, tile: 448, patch: 14 },
    // Tiles that do not start at whole words.
    { tiles: 3, tile: 15, patch: 5 },
    { tiles: 5, tile: 3, patch: 1 },
    { tiles: 2, tile: 56, patch: 14, hasClass: false },
    { tiles: 3, tile: 15, patch: 5, hasClass: false },
  ];
  it.each(tilings)('patches: $tiles tiles of $tile in patches of $patch', async each => {
    const { tiles, tile, patch, hasClass = true } = each;
    const columns = 3 * patch * patch;
    const stride = paddedColumns(columns);
    const tokens = tiles * ((tile / patch) ** 2 + Number(hasClass));
    const pixels = randomBytes(tiles * tile * tile * 3, tile);
    // What an earlier image left must not survive in class rows and padding.
    const out = { buffer: await bufferOf(device, new Float32Array(tokens * stride).fill(9)), stride };
    const shape = { tile, patch, ...colours, hasClass };
    const launch = await createPatches(device, await pixelBuffer(pixels), out, await stateOf(tokens), shape);
    const expected = patchesTwin(pixels, shape);
    for (const each of [launch, folded(launch, tokens)]) {
      await run(device, [each], { position: 0, tokens });
      const padded = await readFloats(device, out.buffer, tokens * stride);
      expectClose(unpadRows(padded, columns, stride), expected, pixelTolerance);
      expect(padded.filter((_, i) => i % stride >= columns).every(value => value === 0)).toBe(true);
    }
  });

  it('patches and a matmul with GGUF-ordered weights are the convolution', async () => {
    const [tile, patch, hidden] = [28, 14, 6];
    const columns = 3 * patch * patch;
    const pixels = randomBytes(tile * tile * 3, 1);
    // PyTorch's [hidden, channel, ky, kx] in memory, which GGUF calls [kx, ky, channel, hidden].
    const weights = randomNormal(hidden * columns, 2);
    const placement = placements.F32!;
    const matrix = await allocateMatrix(device, 'patch embedding', hidden, columns, placement.format);
    writeRows(device, matrix, placement, new Uint8Array(weights.buffer), 0, hidden);
    const stride = paddedColumns(columns);
    const patches = { buffer: await device.memory.storage('patches', 5 * stride * 4), stride };
    const x = { buffer: await device.memory.storage('x', 5 * hidden * 4), stride: hidden };
    const state = await stateOf(5);
    const shape = { tile, patch, ...colours };
    const launches = [
      await createPatches(device, await pixelBuffer(pixels), patches, state, shape),
      ...(await createMatmul(device, matrix, patches, x, state)),
    ];
    await run(device, launches, { position: 0, tokens: 5 });

    const expected = new Float64Array(5 * hidden);
    const image = (channel: number, y: number, column: number) =>
      (pixels[(y * tile + column) * 3 + channel]! / 255 - colours.mean[channel]!) / colours.std[channel]!;
    for (let row = 0; row < hidden; row++) {
      for (const [p, y0, x0] of [
        [1, 0, 0],
        [2, 0, 14],
        [3, 14, 0],
        [4, 14, 14],
      ] as const) {
        let sum = 0;
        for (let channel = 0; channel < 3; channel++) {
          for (let ky = 0; ky < patch; ky++) {
            for (let kx = 0; kx < patch; kx++) {
              const weight = weights[((row * 3 + channel) * patch + ky) * patch + kx]!;
              sum += weight * image(channel, y0 + ky, x0 + kx);
            }
          }
        }
        expected[p * hidden + row] = sum;
      }
    }
    const largest = new Float32Array(columns).fill(2.7);
    const tolerance = linearTolerance(weights, largest) + columns * 5 * pixelTolerance;
    expectClose(await readFloats(device, x.buffer, 5 * hidden), expected, tolerance);
    expect(tolerance).toBeLessThan(0.1);
  });

  it.each([
    { tokens: 15, positions: 5, hidden: 128 },
    { tokens: 10, positions: 5, hidden: 100 },
    { tokens: 2050, positions: 1025, hidden: 1024 },
    { tokens: 7, positions: 5, hidden: 3 },
    { tokens: 32, positions: 16, hidden: 100, hasClass: false },
  ])('positions: $tokens tokens of $positions, hidden $hidden', async each => {
    const { tokens, positions, hidden, hasClass = true } = each;
    const stride = paddedColumns(hidden);
    const x = randomNormal(tokens * hidden, 1);
    const classEmbedding = hasClass ? randomNormal(hidden, 2) : undefined;
    const table = randomNormal(positions * hidden, 3);
    const first = classEmbedding && (await bufferOf(device, classEmbedding));
    const buffers = [first, await bufferOf(device, table)] as const;
    const state = await stateOf(tokens);
    const expected = positionsTwin(x, classEmbedding, table);
    for (const fold of [false, true]) {
      const rows = { buffer: await bufferOf(device, padRows(x, hidden, stride)), stride };
      const launch = await createPositions(device, rows, ...buffers, state, { positions, hidden });
      await run(device, [fold ? folded(launch, tokens) : launch], { position: 0, tokens });
      const padded = await readFloats(device, rows.buffer, tokens * stride);
      // One addition of numbers below 8: half a unit in the last place of the sum.
      expectClose(unpadRows(padded, hidden, stride), expected, 2 ** -21);
      expect(padded.filter((_, i) => i % stride >= hidden).every(value => value === 0)).toBe(true);
    }
  });

  it.each([
    { tiles: 3, side: 2, hidden: 128 },
    { tiles: 2, side: 8, hidden: 100 },
    { tiles: 1, side: 32, hidden: 1024 },
    { tiles: 2, side: 4, hidden: 3 },
  ])('pixel shuffle: $tiles tiles of side $side, hidden $hidden', async ({ tiles, side, hidden }) => {
    const x = randomNormal(tiles * (side * side + 1) * hidden, 1);
    const tokens = (tiles * side * side) / 4;
    const width = 4 * hidden;
    const [xStride, outStride] = [paddedColumns(hidden), paddedColumns(width) + 32];
    const xs = { buffer: await bufferOf(device, padRows(x, hidden, xStride)), stride: xStride };
    const state = await stateOf(tokens);
    const expected = pixelShuffleTwin(x, side, hidden);
    for (const fold of [false, true]) {
      const out = { buffer: await device.memory.storage('out', tokens * outStride * 4), stride: outStride };
      const launch = await createPixelShuffle(device, xs, out, state, { side, hidden });
      await run(device, [fold ? folded(launch, tokens) : launch], { position: 0, tokens });
      const padded = await readFloats(device, out.buffer, tokens * outStride);
      expectClose(unpadRows(padded, width, outStride), expected, 0);
      expect(padded.filter((_, i) => i % outStride >= width).every(value => value === 0)).toBe(true);
    }
  });

  it.each([
    { tiles: 3, side: 4, factor: 2, hidden: 128 },
    { tiles: 2, side: 8, factor: 4, hidden: 100 },
    { tiles: 1, side: 64, factor: 4, hidden: 1152 },
    { tiles: 2, side: 6, factor: 3, hidden: 3 },
    { tiles: 1, side: 3, factor: 1, hidden: 5 },
  ])('patch pool: $tiles tiles of side $side by $factor, hidden $hidden', async each => {
    const { tiles, side, factor, hidden } = each;
    const x = randomNormal(tiles * side * side * hidden, 1);
    const tokens = (tiles * side * side) / factor ** 2;
    const [xStride, outStride] = [paddedColumns(hidden), paddedColumns(hidden) + 32];
    const xs = { buffer: await bufferOf(device, padRows(x, hidden, xStride)), stride: xStride };
    const state = await stateOf(tokens);
    const expected = patchPoolTwin(x, side, factor, hidden);
    for (const fold of [false, true]) {
      const out = { buffer: await device.memory.storage('out', tokens * outStride * 4), stride: outStride };
      const launch = await createPatchPool(device, xs, out, state, { side, factor, hidden });
      await run(device, [fold ? folded(launch, tokens) : launch], { position: 0, tokens });
      const padded = await readFloats(device, out.buffer, tokens * outStride);
      // At most sixteen normal numbers of a mean: a rounding of a partial sum each, over their number, and that of the quotient.
      expectClose(unpadRows(padded, hidden, outStride), expected, 2 ** -21);
      expect(padded.filter((_, i) => i % outStride >= hidden).every(value => value === 0)).toBe(true);
    }
  });
});
