import { describe, expect, test } from 'vitest';
import { blockFormatOf, GgmlType, type GgmlTypeName } from './block-formats.ts';
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
  Q4_1: [
    [1, 4],
    [0, 16],
  ],
  Q5_0: [
    [1, 2],
    [2, 4],
    [0, 16],
  ],
  Q5_1: [
    [1, 4],
    [2, 4],
    [0, 16],
  ],
  Q2_K: [
    [1, 16],
    [0, 64],
    [2, 4],
  ],
  Q3_K: [
    [1, 32],
    [0, 64],
    [2, 12],
    [3, 2],
  ],
  Q5_K: [
    [1, 16],
    [2, 32],
    [0, 128],
  ],
  IQ4_NL: [
    [1, 2],
    [0, 16],
  ],
  IQ4_XS: [
    [1, 8],
    [0, 128],
  ],
  F32: [[0, 4]],
  F16: [[0, 2]],
  BF16: [[0, 2]],
};

describe.each(Object.entries(fields) as [GgmlTypeName, [number, number][]][])(
  '%s in planes',
  (type, parts) => {
    const { blockElements, blockBytes } = blockFormatOf(GgmlType[type]);

    // Plain numbers come in whole units.
    const counts = blockElements === 1 ? [32, 96] : [1, 2, 3, 10];
    test.each(counts)('holds every byte of %i blocks', blocks => {
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

test('every type that has a place is among them, and its planes take what its blocks take', () => {
  expect(Object.keys(fields).sort()).toEqual([...types].sort());
  for (const type of types) {
    const { blockElements, blockBytes } = blockFormatOf(GgmlType[type]);
    const bytes = placements[type]!.format.planeBytes(8 * 256).reduce((sum, each) => sum + each, 0);
    expect(bytes, type).toBe((8 * 256 * blockBytes) / blockElements);
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
