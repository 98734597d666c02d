import { expect, test } from 'vitest';
import { ctColourWindow } from '../../../client/index.ts';
import { dicomFile, sliceFiles } from '../../testing/studies.ts';
import type { StudyFile } from '../study/image-facts.ts';
import { stacksOf } from '../study/stacks.ts';
import { askedSeries, type SeriesSight, seriesViews } from './asked-series.ts';
import { changeReading } from './change-reading.ts';
import { startReading } from './reading-state.ts';

const started = (files: readonly StudyFile[]) => {
  const study = { files, passedOver: 0, refused: [], toCome: 0, isReading: false };
  return startReading(study, stacksOf(files));
};
const sight: SeriesSight = { model: 'MedGemma', seesColours: true, tokensOf: () => 256, roomTokens: 2200 };

test('as many slices of CT as the question has room for, evenly, in the colours of three windows', () => {
  const state = started(sliceFiles(40));
  const series = askedSeries(state, sight)!;
  // 2200 / (256 + 8).
  expect(series).toEqual({ count: 40, most: 8, isInColours: true });
  const views = seriesViews(state, series, series.most);
  expect(views.map(({ name }) => name)).toEqual([5, 10, 15, 20, 24, 29, 34, 39].map(slice => `IM${slice}`));
  for (const { presentation } of views) expect(presentation.window).toBe(ctColourWindow);
  expect(seriesViews(state, series, 3).map(({ name }) => name)).toEqual(['IM13', 'IM26', 'IM39']);
});

test('no more than its authors showed at once, however much room there is', () => {
  const room = { ...sight, roomTokens: 1e6 };
  expect(askedSeries(started(sliceFiles(200)), room)!.most).toBe(85);
  expect(askedSeries(started(sliceFiles(12)), room)).toMatchObject({ count: 12, most: 12 });
});

test.each([
  ['MR', started(sliceFiles(4).map(file => withMeta(file, { modality: 'MR', huPresets: false }))), sight],
  ['a model that was not shown colours', started(sliceFiles(4)), { ...sight, seesColours: false }],
])('%s is shown as the pane shows it', (_, before, seen) => {
  const voi = { kind: 'level', centre: 10, width: 20, function: 'LINEAR' } as const;
  const state = changeReading(before, { type: 'set-voi', voi });
  const series = askedSeries(state, seen)!;
  expect(series.isInColours).toBe(false);
  for (const { presentation } of seriesViews(state, series, 4)) expect(presentation.window).toEqual(voi);
});

test('a single image is no series, and without a model that sees nothing is asked', () => {
  expect(askedSeries(started([dicomFile('one')]), sight)).toBeNull();
  expect(askedSeries(started(sliceFiles(4)), null)).toBeNull();
});

function withMeta(file: StudyFile, meta: object): StudyFile {
  const { dicom } = file.facts;
  return {
    ...file,
    facts: { ...file.facts, dicom: dicom && { ...dicom, meta: { ...dicom.meta, ...meta } } },
  };
}
