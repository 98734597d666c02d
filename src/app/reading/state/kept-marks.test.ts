import { expect, test } from 'vitest';
import { dicomFile, pictureFile, sliceFiles, studyOf } from '../../testing/studies.ts';
import type { Mark } from '../marks/mark.ts';
import { imageKey } from '../study/image-key.ts';
import { KeptMarks } from './kept-marks.ts';

const point = (file: number, frame = 0, number = 1): Mark => ({
  ...{ id: `${file} ${frame} ${number}`, image: imageKey({ file, frame }), number, kind: 'point' },
  ...{ points: [[1, 2]], note: `on ${file}` },
});
const placesOf = (marks: readonly Mark[]) => marks.map(({ image, note }) => [image, note]);

test('a series that is opened again, with its files in another order, has its marks', () => {
  const kept = new KeptMarks();
  const files = sliceFiles(3);
  kept.keep(studyOf(...files), [point(0), point(2, 0), point(2, 0, 2)]);
  expect(placesOf(kept.of(studyOf(...files.toReversed())))).toEqual([
    ['0#0', 'on 2'],
    ['0#0', 'on 2'],
    ['2#0', 'on 0'],
  ]);
  const ids = kept.of(studyOf(...files)).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('frames keep apart, and what is taken away stays away', () => {
  const kept = new KeptMarks();
  const study = studyOf(dicomFile('a', { framesReadable: 3 }, { instanceUid: '1.2' }));
  kept.keep(study, [point(0, 2)]);
  expect(placesOf(kept.of(study))).toEqual([['0#2', 'on 0']]);
  kept.keep(study, []);
  expect(kept.of(study)).toEqual([]);
});

test('an image of another patient under the same name has none', () => {
  const kept = new KeptMarks();
  kept.keep(studyOf(dicomFile('IM1', {}, { instanceUid: '1.1' })), [point(0)]);
  expect(kept.of(studyOf(dicomFile('IM1', {}, { instanceUid: '1.2' })))).toEqual([]);
  const picture = pictureFile('a.png');
  kept.keep(studyOf(picture), [point(0)]);
  const later = new File(['a.png'], 'a.png', { lastModified: 5 });
  expect(kept.of(studyOf(picture))).toHaveLength(1);
  expect(kept.of(studyOf({ ...picture, file: later }))).toEqual([]);
});

test('while a study is read, what is new gets its marks once', () => {
  const kept = new KeptMarks();
  const files = sliceFiles(4);
  kept.keep(studyOf(...files), [point(1), point(3)]);
  expect(placesOf(kept.of(studyOf(...files), 2))).toEqual([['3#0', 'on 3']]);
  const twice = [...files, { ...files[1]!, path: 'copy/IM1' }];
  expect(placesOf(kept.of(studyOf(...twice), 2))).toEqual([['3#0', 'on 3']]);
});

test('nothing is kept of what is to be forgotten', () => {
  const kept = new KeptMarks();
  const study = studyOf(...sliceFiles(1));
  kept.keep(study, [point(0)]);
  kept.forget();
  expect(kept.of(study)).toEqual([]);
});
