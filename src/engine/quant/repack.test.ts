import { describe, expect, test } from 'vitest';
import { blockFormatOf, GgmlType, type GgmlTypeName } from './block-formats.ts';
import { dequantizeTensor } from './dequantize.ts';
import { firstBrokenScale } from './finite-scales.ts';
import { placements } from './gpu-formats.ts';
import { sampleTensorBytes } from './sample-blocks.ts';

const types = Object.keys(placements) as GgmlTypeName[];

function planesOf(type: GgmlTypeName, source: Uint8Array, rows: number, columns: number): Uint8Array[] {
  const { format, repack } = placements[type]!;
  const padded = Math.ceil(columns / 32) * 32;
  const planes = format.planeBytes(padded).map(bytes => new Uint8Array(rows * bytes));
  repack(source, rows, columns, planes);
  return planes;
}

/** The fields of a block, in the file's order: the plane that each is in, and its bytes. */
const fields: Partial<Record<GgmlTypeName, [plane: number, bytes: number][]>> = {
  Q4_0: [
    [1, 2],
    [0, 16],
  ],
  Q8_0: [
    [1, 2],
    [0, 32],
  ],
  Q4_K: [
    [1, 16],
    [0, 128],
  ],
  Q6_K: [
    [0, 128],
    [1, 64],
    [2, 16],
    [3, 2],
  ],
};

describe.each(Object.entries(fields) as [GgmlTypeName, [number, number][]][])(
  '%s in planes',
  (type, parts) => {
    const { blockElements, blockBytes } = blockFormatOf(GgmlType[type]);

    test.each([1, 2, 3, 10])('holds every byte of %i blocks', blocks => {
      const source = sampleTensorBytes(type, blocks * blockElements, blocks);
      const planes = planesOf(type, source, 1, blocks * blockElements);
      const rebuilt = new Uint8Array(source.length);
      for (let block = 0; block < blocks; block++) {
        let at = block * blockBytes;
        for (const [plane, bytes] of parts) {
          rebuilt.set(planes[plane]!.subarray(block * bytes, (block + 1) * bytes), at);
          at += bytes;
        }
      }
      expect(rebuilt).toEqual(source);
    });
  },
);

test.each(['Q4_1', 'Q5_1', 'Q5_K'] as const)('%s keeps every weight as scale * q + offset', type => {
  const columns = 512;
  const source = sampleTensorBytes(type, 3 * columns, 7);
  const [quants, pairs] = planesOf(type, source, 3, columns) as [Uint8Array, Uint8Array];
  const affine = new Float32Array(pairs.buffer);
  const expected = dequantizeTensor(GgmlType[type], source);
  const group = (2 * quants.length) / affine.length;
  for (const [i, weight] of expected.entries()) {
    const at = 2 * Math.floor(i / group);
    const value = affine[at]! * quants[i]! + affine[at + 1]!;
    expect(Math.abs(value - weight)).toBeLessThanOrEqual(
      1e-6 * (Math.abs(weight) + Math.abs(affine[at + 1]!)),
    );
  }
});

test('Q5_0 keeps every weight as scale * signed byte', () => {
  const source = sampleTensorBytes('Q5_0', 5 * 32, 7);
  const [quants] = planesOf('Q5_0', source, 5, 32) as [Uint8Array];
  const scales = dequantizeTensor(GgmlType.Q5_0, source);
  const signed = new Int8Array(quants.buffer);
  for (let block = 0; block < 5; block++) {
    // Any quant but zero tells the scale of its block; all others must follow.
    const at = signed.subarray(block * 32, block * 32 + 32).findIndex(q => q !== 0) + block * 32;
    const scale = scales[at]! / signed[at]!;
    for (let i = block * 32; i < block * 32 + 32; i++) expect(signed[i]! * scale).toBeCloseTo(scales[i]!, 6);
  }
});

test.each(types)('%s: the same from any place in a buffer', type => {
  const [rows, columns] = [3, 256];
  const source = sampleTensorBytes(type, rows * columns, 3);
  const expected = planesOf(type, source, rows, columns);
  for (const shift of [2, 4, 6]) {
    const moved = new Uint8Array(source.length + 8).fill(255);
    moved.set(source, shift);
    const view = moved.subarray(shift, shift + source.length);
    expect(planesOf(type, view, rows, columns)).toEqual(expected);
    expect(firstBrokenScale(type, view)).toBeUndefined();
  }
});

test.each([
  ['F32', 4, [0x80, 0x7f]],
  ['F16', 2, [0x00, 0xfc]],
  ['BF16', 2, [0x80, 0xff]],
] as const)('%s: finds infinity at every place', (type, bytes, upper) => {
  const source = sampleTensorBytes(type, 32, 3);
  for (let i = 0; i < 32; i++) {
    const damaged = source.slice();
    damaged.set(upper, (i + 1) * bytes - 2);
    expect(firstBrokenScale(type, damaged)).toBe(i * bytes);
    expect(firstBrokenScale(type, damaged.subarray(0, i * bytes))).toBeUndefined();
  }
});
