import { expect, test } from 'vitest';
import type { DicomIdentity, DicomMeta } from '../../engine/types/dicom.ts';
import { groupSeries, type SeriesFile } from './group-series.ts';

const axial: DicomIdentity['orientation'] = [1, 0, 0, 0, 1, 0];
const coronal: DicomIdentity['orientation'] = [1, 0, 0, 0, 0, -1];

function slice(
  path: string,
  identity: Partial<DicomIdentity>,
  instanceNumber: number | null = null,
): SeriesFile {
  const dicom = {
    meta: { instanceNumber } as DicomMeta,
    identity: { seriesUid: '1.2', orientation: null, position: null, ...identity } as DicomIdentity,
  };
  return { path, size: { width: 4, height: 4 }, dicom };
}
const pathsOf = (files: SeriesFile[]) =>
  groupSeries(files).map(({ key, files: found }) => [key, found.map(each => each.path)]);

test('along the normal, whatever the numbers say', () => {
  const at = (z: number, number: number) =>
    slice(`z${z}`, { orientation: axial, position: [0, 0, z] }, number);
  expect(pathsOf([at(5, 1), at(-5, 3), at(0, 2)])).toEqual([['1.2', ['z-5', 'z0', 'z5']]]);
});

test('along what is the normal of a plane that is not axial', () => {
  const at = (y: number) => slice(`y${y}`, { orientation: coronal, position: [0, y, 9] });
  // The normal of rows to the left and columns to the feet points backwards: y.
  expect(pathsOf([at(5), at(-5), at(0)])).toEqual([['1.2', ['y-5', 'y0', 'y5']]]);
});

test('by number where a place is missing or all are at one; by name where there is no number either', () => {
  const numbered = [slice('a', {}, 3), slice('b', {}, 1), slice('c', { orientation: axial }, 2)];
  expect(pathsOf(numbered.slice(0, 2))).toEqual([['1.2', ['b', 'a']]]);
  const same = [1, 2].map(n => slice(`n${n}`, { orientation: axial, position: [0, 0, 7] }, 3 - n));
  expect(pathsOf(same)).toEqual([['1.2', ['n2', 'n1']]]);
  expect(pathsOf([slice('i10', {}), slice('i9', {}), slice('i1', {})])).toEqual([
    ['1.2', ['i1', 'i9', 'i10']],
  ]);
});

test('series of other files, other orientations and other sizes are apart; scanners round', () => {
  const files = [
    slice('a', { orientation: axial }),
    slice('b', { orientation: [0.9999, 0, 0, 0, 1, 0] }),
    slice('c', { orientation: coronal }),
    { ...slice('d', { orientation: axial }), size: { width: 8, height: 4 } },
    slice('e', { seriesUid: '1.3' }),
    slice('f', { seriesUid: null }),
    { path: 'g', size: { width: 4, height: 4 }, dicom: null },
  ];
  expect(pathsOf(files)).toEqual([
    ['1.2', ['a', 'b']],
    ['1.2 2', ['c']],
    ['1.2 3', ['d']],
    ['1.3', ['e']],
  ]);
});
