import { describe, expect, test } from 'vitest';
import { dicomFile, pictureFile, sliceFiles } from '../../testing/studies.ts';
import type { StudyFile } from './image-facts.ts';
import { stacksOf } from './stacks.ts';

const paths = (files: StudyFile[]) =>
  stacksOf(files).map(({ images }) => images.map(({ file }) => files[file]!.path));

describe('the order of a series', () => {
  test('is along the normal of its images, whatever their names and numbers say', () => {
    const files = [30, 10, 20].map((z, at) =>
      dicomFile(`IM${at}`, { instanceNumber: at }, { position: [0, 0, z] }),
    );
    expect(paths(files)).toEqual([['IM1', 'IM2', 'IM0']]);
  });

  test('of oblique images is along their own normal', () => {
    const orientation = [0, 1, 0, 0, 0, -1] as [number, number, number, number, number, number];
    const files = [5, -5, 0].map((x, at) =>
      dicomFile(`IM${at}`, {}, { position: [x, at * 9, 0], orientation }),
    );
    expect(paths(files)).toEqual([['IM0', 'IM2', 'IM1']]);
  });

  test('is by number where a place is not known', () => {
    const files = [3, 1, 2].map((instanceNumber, at) =>
      dicomFile(`IM${at}`, { instanceNumber }, { position: at === 0 ? null : [0, 0, -at] }),
    );
    expect(paths(files)).toEqual([['IM1', 'IM2', 'IM0']]);
  });

  test('is by name where neither is, and numbers in names count', () => {
    const files = ['IM10', 'IM9', 'IM100'].map(path =>
      dicomFile(path, { instanceNumber: null }, { position: null }),
    );
    expect(paths(files)).toEqual([['IM9', 'IM10', 'IM100']]);
  });

  test('of images at the same place, as of several times, is by number', () => {
    const files = [2, 1].map(instanceNumber => dicomFile(`IM${instanceNumber}`, { instanceNumber }));
    expect(paths(files)).toEqual([['IM1', 'IM2']]);
  });
});

describe('what belongs together', () => {
  test('series, by their number; a localizer that lies otherwise is apart', () => {
    const files = [
      ...sliceFiles(2, 5, '9').map(file => ({ ...file, path: `late ${file.path}` })),
      dicomFile('scout', { seriesNumber: 2 }, { seriesUid: '9', orientation: [0, 1, 0, 0, 0, -1] }),
      dicomFile('first', { seriesNumber: 1 }, { seriesUid: '1' }),
    ];
    expect(paths(files)).toEqual([['first'], ['late 9/IM0', 'late 9/IM1'], ['scout']]);
  });

  test('images of another size are apart', () => {
    const files = [dicomFile('a'), dicomFile('b', { rows: 99 })];
    expect(paths(files)).toHaveLength(2);
  });

  test('rounding of directions keeps a series together', () => {
    const files = [0, 1e-4, -1e-4].map((tilt, at) =>
      dicomFile(`${at}`, {}, { orientation: [1, tilt, 0, 0, 1, tilt], position: [0, 0, at] }),
    );
    expect(paths(files)).toEqual([['0', '1', '2']]);
  });

  test('a file of several frames is a stack of its own', () => {
    const files = [dicomFile('cine', { framesReadable: 3 }), dicomFile('still')];
    const stacks = stacksOf(files);
    expect(stacks.map(({ images }) => images.map(({ frame }) => frame))).toEqual([[0, 1, 2], [0]]);
  });

  test('the same image twice is there once', () => {
    const files = [...sliceFiles(2), ...sliceFiles(2)];
    expect(stacksOf(files)[0]!.images).toHaveLength(2);
  });

  test('pictures of a folder are a stack behind the series', () => {
    const files = [
      pictureFile('skin/b.jpg'),
      pictureFile('skin/a2.png'),
      pictureFile('skin/a10.png'),
      dicomFile('IM1'),
    ];
    expect(paths(files)).toEqual([['IM1'], ['skin/a2.png', 'skin/a10.png', 'skin/b.jpg']]);
  });
});

test('stacks are called as their files call them', () => {
  const called = stacksOf([
    ...sliceFiles(3),
    dicomFile(
      'x',
      { seriesDescription: ' ', seriesNumber: 7, modality: null },
      { seriesUid: '7', orientation: null },
    ),
    dicomFile('y', { seriesDescription: null, seriesNumber: null }, { seriesUid: '8' }),
    pictureFile('a/b.png'),
  ]).map(({ name, detail }) => [name, detail]);
  expect(called).toEqual([
    ['Phantom', 'CT · Axial · 3 images'],
    ['Series 7', '1 image'],
    ['y', 'CT · Axial · 1 image'],
    ['a/b.png', '1 image'],
  ]);
});
