import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeAdapters, openDevice } from '../../../test/support/gpu.ts';
import { padRows } from '../../../test/support/matrices.ts';
import { randomNormal } from '../../../test/support/random.ts';
import { bufferOf, expectClose, readFloats, run } from '../../../test/support/run-kernels.ts';
import type { EngineDevice } from '../device/device.ts';
import { GgmlType, type GgmlTypeName } from '../quant/block-formats.ts';
import { dequantizeTensor } from '../quant/dequantize.ts';
import { paddedColumns, placements } from '../quant/gpu-formats.ts';
import { sampleTensorBytes } from '../quant/sample-blocks.ts';
import { allocateJoined, joinedRows, joinedStarts } from './joined-matrix.ts';
import { createMatmul } from './matmul.ts';
import { matrixBytes, writeRows } from './matrix.ts';
import { createMatvec } from './matvec.ts';
import { linearTolerance, linearTwin } from './twins.ts';

const types: GgmlTypeName[] = ['F32', 'F16', 'Q4_0', 'Q8_0', 'Q5_1', 'Q5_K', 'Q6_K', 'Q3_K'];
// None fills its stretch; the odd one ends inside a word of packed scales.
const rows = [130, 33, 7];
const members = rows.map((count, i) => ({ name: `member ${i}`, rows: count }));

describe.each(computeAdapters)('joined matrices on %s', adapter => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openDevice(adapter);
  });
  afterAll(() => device.destroy());

  it.each(types)('%s: multiplies each member alone, and all at once', async type => {
    const columns = type === 'F32' || type === 'F16' ? 44 : 256;
    const placement = placements[type]!;
    const joined = (await allocateJoined(device, members, columns, placement.format))!;
    expect(joined.starts).toEqual([0, 256, 384]);
    expect(joined.whole.parts.length).toBe(1);
    const weights: Float32Array[] = [];
    // The last first: an upload follows the order of the file.
    for (const i of [2, 0, 1]) {
      const bytes = sampleTensorBytes(type, rows[i]! * columns, i + 1);
      writeRows(device, joined.members[i]!, placement, bytes, 0, rows[i]!);
      weights[i] = dequantizeTensor(GgmlType[type], bytes);
    }

    const stride = paddedColumns(columns);
    const x = randomNormal(columns, 5);
    const xs = { buffer: await bufferOf(device, padRows(x, columns, stride)), stride };
    const state = await device.memory.uniform('state', new Uint32Array([0, 1]));
    const step = { position: 0, tokens: 1 };
    const all = await device.memory.storage('y', joinedRows(rows) * 4);
    await run(device, await createMatvec(device, joined.whole, xs.buffer, all), step);
    const atOnce = await readFloats(device, all, joinedRows(rows));
    for (const [i, matrix] of joined.members.entries()) {
      const expected = linearTwin(weights[i]!, x, rows[i]!, columns);
      const tolerance = linearTolerance(weights[i]!, x);
      expectClose(atOnce.subarray(joined.starts[i]!), expected, tolerance);
      const y = { buffer: await device.memory.storage('y', rows[i]! * 4), stride: rows[i]! };
      await run(device, await createMatmul(device, matrix, xs, y, state), step);
      expectClose(await readFloats(device, y.buffer, rows[i]!), expected, tolerance);
      const [offsets, bytes] = [matrix.parts[0]!.planes.map(plane => plane.offset!), matrixBytes(matrix)];
      expect(offsets.every(offset => offset % 256 === 0)).toBe(true);
      expect(bytes).toBeLessThan(joined.whole.parts[0]!.buffer.size);
    }
    // What lies between the members is zero.
    expect(atOnce.subarray(130, 256).every(value => value === 0)).toBe(true);
  });

  it('are not joined where a plane of all would exceed a binding', async () => {
    const { format } = placements.Q4_K!;
    const before = device.memory.bytes;
    expect(await allocateJoined(device, members, 256, format, 384 * 128)).toBeUndefined();
    expect(device.memory.bytes).toBe(before);
    expect(await allocateJoined(device, members, 256, format, 448 * 128)).toBeDefined();
  });
});

describe('rows of joined matrices', () => {
  it('start at multiples of 128', () => {
    expect(joinedStarts([5120, 5120, 5120])).toEqual([0, 5120, 10240]);
    expect(joinedStarts([1, 129, 128])).toEqual([0, 128, 384]);
    expect(joinedRows([1, 129, 128])).toBe(512);
    expect(joinedRows([7])).toBe(7);
  });
});
