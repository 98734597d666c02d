import { expect, test } from 'vitest';
import type { FramePlace } from '../../../client/index.ts';
import { dicomFile, studyOf } from '../../testing/studies.ts';
import { changeReading } from '../state/change-reading.ts';
import { startReading } from '../state/reading-state.ts';
import { heightOf, placeOf } from './frame-place.ts';
import { stacksOf } from './stacks.ts';

const axial: FramePlace['orientation'] = [1, 0, 0, 0, 1, 0];
const coronal: FramePlace['orientation'] = [1, 0, 0, 0, 0, -1];
const at = (z: number, orientation = axial): FramePlace => ({ position: [0, 0, z], orientation });
/** An enhanced object with frames at these places. */
const enhanced = (path: string, frames: FramePlace[], seriesUid = path) =>
  dicomFile(
    path,
    { framesReadable: frames.length },
    { seriesUid, frameOfReferenceUid: '2.25.9', ...frames[0]!, frames },
  );
const framesOf = (file: ReturnType<typeof enhanced>) => stacksOf([file])[0]!.images.map(each => each.frame);

test('frames of one file lie where each of them says', () => {
  const file = enhanced('a', [at(10), at(5), at(20)]);
  expect([0, 1, 2].map(frame => heightOf(file, frame))).toEqual([10, 5, 20]);
  const plain = dicomFile('b', { framesReadable: 3 });
  expect([0, 2].map(frame => heightOf(plain, frame))).toEqual([null, null]);
  expect(placeOf(plain, 2).orientation).toEqual(axial);
  expect(heightOf(dicomFile('c', {}, { position: [0, 0, 7] }), 0)).toBe(7);
});

test('they are a stack in the order in which they lie, those at one place in their own order', () => {
  expect(framesOf(enhanced('a', [at(10), at(5), at(20), at(5)]))).toEqual([1, 3, 0, 2]);
  // At one place, such as a film of a heart; where one is not known; where they lie otherwise, such as localizers.
  expect(framesOf(enhanced('b', [at(5), at(5), at(5)]))).toEqual([0, 1, 2]);
  expect(framesOf(enhanced('c', [at(9), { position: null, orientation: axial }, at(5)]))).toEqual([0, 1, 2]);
  expect(framesOf(enhanced('d', [at(9), at(5, coronal), at(1)]))).toEqual([0, 1, 2]);
});

test('panes of two such files follow to the same place in the patient', () => {
  const files = [
    enhanced('a', [at(0), at(10), at(20), at(30)]),
    enhanced('b', [at(30), at(25), at(20), at(15), at(10), at(5), at(0)]),
  ];
  let state = startReading(studyOf(...files), stacksOf(files));
  state = changeReading(state, { type: 'lay-out', layout: 2 });
  state = changeReading(state, { type: 'link', what: 'scroll', isOn: true });
  state = changeReading(state, { type: 'scroll-to', index: 2 });
  const { index, stack } = state.panes[1]!;
  const image = state.stacks.find(({ id }) => id === stack)!.images[index]!;
  expect(heightOf(state.study.files[image.file]!, image.frame)).toBe(20);
});
