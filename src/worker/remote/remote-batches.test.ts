import { describe, expect, test } from 'vitest';
import type { PlannedRead } from '../../engine/convert/gguf-stream.ts';
import { bytesSource } from '../../engine/formats/byte-source.ts';
import { mebibyte } from '../../storage/weight-manifest.ts';
import { batchReads, largestBatchBytes } from './remote-batches.ts';

const [one, two] = [bytesSource(new Uint8Array(0)), bytesSource(new Uint8Array(0))];

/** The reads of one tensor: [offset, bytes] each, in MiB. */
function tensor(source: PlannedRead['source'], ...places: [offset: number, bytes: number][]): PlannedRead[] {
  return places.map(([offset, bytes], i) => ({
    source,
    offset: offset * mebibyte,
    bytes: bytes * mebibyte,
    continues: i > 0,
  }));
}

const inMebibytes = (reads: PlannedRead[]) =>
  [...batchReads(reads)].map(batch =>
    batch.map(({ source, offset, bytes, reads: count }) => [
      source === one ? 'one' : 'two',
      offset / mebibyte,
      bytes / mebibyte,
      count,
    ]),
  );

describe('batches of reads', () => {
  test('small tensors share one, and those that touch a request', () => {
    const reads = [
      ...tensor(one, [10, 1], [11, 1]),
      ...tensor(two, [0, 2]),
      ...tensor(one, [12, 1]),
      ...tensor(one, [50, 3]),
      ...tensor(one, [53, 1]),
    ];
    expect(inMebibytes(reads)).toEqual([
      [
        ['one', 10, 3, 3],
        ['two', 0, 2, 1],
        ['one', 50, 3, 1],
      ],
      [['one', 53, 1, 1]],
    ]);
  });

  test('a large tensor is cut where it is read from end to end', () => {
    const rows = Array.from({ length: 20 }, (_, i): [number, number] => [100 + i, 1]);
    expect(inMebibytes(tensor(one, ...rows))).toEqual([
      [['one', 100, 8, 8]],
      [['one', 108, 8, 8]],
      [['one', 116, 4, 4]],
    ]);
  });

  test('a fused one is asked for in one piece, whatever the order of its rows', () => {
    // As InternLM2 groups them: two heads of queries, one of keys, one of values.
    const groups = [0, 4, 8, 12];
    const rows = [
      ...groups.map((at): [number, number] => [at, 2]),
      ...groups.map((at): [number, number] => [at + 2, 1]),
      ...groups.map((at): [number, number] => [at + 3, 1]),
    ];
    expect(inMebibytes([...tensor(two, [0, 1]), ...tensor(one, ...rows), ...tensor(two, [1, 1])])).toEqual([
      [['two', 0, 1, 1]],
      [['one', 0, 16, 12]],
      [['two', 1, 1, 1]],
    ]);
  });

  test('of a fused one that is too large no byte is asked for twice', () => {
    const groups = Array.from({ length: 16 }, (_, i) => 4 * i);
    const rows = [
      ...groups.map((at): [number, number] => [at, 2]),
      ...groups.map((at): [number, number] => [at + 2, 2]),
    ];
    const batches = [...batchReads(tensor(one, ...rows))];
    const ranges = batches.flat().sort((a, b) => a.offset - b.offset);
    let end = 0;
    for (const { offset, bytes } of ranges) {
      expect(offset).toBe(end);
      end += bytes;
    }
    expect(end).toBe(64 * mebibyte);
    for (const batch of batches) {
      expect(batch.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(largestBatchBytes);
    }
  });

  test('tied tensors are fetched once where they share a batch', () => {
    expect(inMebibytes([...tensor(one, [3, 2]), ...tensor(one, [3, 2])])).toEqual([[['one', 3, 2, 2]]]);
  });
});
