import { expect, test } from 'vitest';
import { DataSet } from '../data-set/data-set.ts';
import { tag } from '../data-set/tags.ts';
import { expandSegments } from './segmented-palette.ts';

/** A data set with a segmented table alone, implicit little endian. */
function withSegments(words: number[]): DataSet {
  const bytes = new Uint8Array(8 + words.length * 2);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, tag.segmentedRedPaletteData >>> 16, true);
  view.setUint16(2, tag.segmentedRedPaletteData & 0xffff, true);
  view.setUint32(4, words.length * 2, true);
  for (const [i, word] of words.entries()) view.setUint16(8 + 2 * i, word, true);
  const source = { bytes, view, isBeginning: false, warn: () => undefined };
  return DataSet.read(source, { start: 0, end: bytes.length }, { isExplicit: false, isLittle: true });
}

const expand = (words: number[], count: number) =>
  expandSegments(withSegments(words), tag.segmentedRedPaletteData, { count, first: 0, bits: 16 });

// PS3.3, C.7.9.2
test('entries that are listed, on a line, and copied from elsewhere in the table', () => {
  const words = [...[0, 2, 10, 20], ...[1, 4, 40], ...[2, 2, 0, 0]];
  expect(Array.from(expand(words, 12)!)).toEqual([10, 20, 25, 30, 35, 40, 10, 20, 25, 30, 35, 40]);
});

test('no more entries than there are to be, and fewer of a table that ends early', () => {
  expect(Array.from(expand([1, 100, 50, 0, 1, 7], 3)!)).toEqual([1, 1, 2]);
  expect(Array.from(expand([0, 2, 7], 3)!)).toEqual([7]);
});

test('copies of copies without end, and segments of nothing, come to an end', () => {
  expect(
    expand(
      Array.from({ length: 400 }, (_, i) => [2, 0xffff, 0, 0][i % 4]!),
      256,
    ),
  ).toHaveLength(0);
  expect(expand([0, 0, 2, 0xffff, 0, 0], 256)).toHaveLength(0);
});
