import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sampleNames, sampleSlice } from '../scripts/make-sample-study.mjs';
import { phantom, phantomSlice } from '../scripts/phantom.mjs';
import { regionStatistics } from '../src/app/reading/geometry/statistics.ts';
import { openDicom } from '../src/imaging/dicom/open-dicom.ts';

const stored = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../public/samples/study/${name}`, import.meta.url)));

test('the sample study is what its script writes', () => {
  for (const [slice, name] of sampleNames.entries()) expect(stored(name)).toEqual(sampleSlice(slice));
});

test('its files hold the phantom, in place', async () => {
  for (const slice of [0, 9, 19]) {
    const { meta, identity, warnings, decodeFrame } = await openDicom(stored(sampleNames[slice]!));
    expect(meta).toMatchObject({
      modality: 'CT',
      huPresets: true,
      spacing: [1.5, 1.5],
      instanceNumber: slice + 1,
    });
    expect(identity.position![2]).toBe((slice - 9.5) * phantom.gap);
    expect(warnings).toEqual([]);
    expect((await decodeFrame(0)).stored).toEqual(phantomSlice(slice));
  }
});

test('it says what it is', async () => {
  const { meta, identity } = await openDicom(stored(sampleNames[0]!));
  expect(meta.seriesDescription).toBe('Synthetic phantom, no patient');
  expect(identity.patientName).toBe('Synthetic^Phantom');
});

test('means of its rods are what they are made of, within a millionth', () => {
  const { columns, rows, spacing, rods } = phantom;
  const values = { width: columns, height: rows, values: phantomSlice(0) };
  const scale = { spacing: { row: spacing, column: spacing, at: 'patient' }, aspect: 1 } as const;
  for (const { x, y, radius, value } of rods) {
    const [column, row] = [x / spacing + columns / 2, y / spacing + rows / 2];
    const reach = (radius / spacing) * 0.6;
    const found = regionStatistics(
      {
        shape: 'ellipse',
        corners: [
          [column - reach, row - reach],
          [column + reach, row + reach],
        ],
      },
      values,
      scale,
    )!;
    expect(Math.abs(found.mean - value)).toBeLessThan(1e-6);
    expect(found.deviation).toBe(0);
  }
});
