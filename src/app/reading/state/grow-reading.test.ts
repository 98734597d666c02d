import { expect, test } from 'vitest';
import { dicomFile, sliceFiles, studyOf } from '../../testing/studies.ts';
import type { StudyFile } from '../study/image-facts.ts';
import { stacksOf } from '../study/stacks.ts';
import { changeReading } from './change-reading.ts';
import { activePane, imageOf, type ReadingState, startReading } from './reading-state.ts';

const reading = (files: readonly StudyFile[]) => {
  const study = { ...studyOf(...files), toCome: 100, isReading: true };
  return startReading(study, stacksOf(files));
};
const grown = (state: ReadingState, files: readonly StudyFile[]) =>
  changeReading(state, { type: 'grow', study: studyOf(...files), stacks: stacksOf(files), marks: [] });
const shownPath = (state: ReadingState, place = state.active) => {
  const image = imageOf(state, state.panes[place]!);
  return image && state.study.files[image.file]!.path;
};

/** From the head to the feet, as they came. */
const backwards = sliceFiles(6).reverse();

test('what is shown stays while images come before and behind it', () => {
  const before = reading(backwards.slice(0, 1));
  const after = grown(before, backwards);
  expect(shownPath(before)).toBe('2.25.1.2/IM5');
  expect(shownPath(after)).toBe('2.25.1.2/IM5');
  expect(activePane(after).index).toBe(5);
  expect(after.tool).toBe('scroll');
});

test('scrolled and windowed, it stays so', () => {
  const scrolled = changeReading(reading(backwards.slice(0, 3)), { type: 'scroll-to', index: 1 });
  const level = { kind: 'level', centre: 1, width: 2, function: 'LINEAR' } as const;
  const state = changeReading(scrolled, { type: 'set-voi', voi: level });
  const after = grown(state, backwards);
  expect(shownPath(after)).toBe(shownPath(state));
  expect(activePane(after).voi).toEqual(level);
});

test('a series that sorts before another takes its pane from nobody; empty panes are filled', () => {
  const later = sliceFiles(2, 5, '2.25.9');
  const scout = dicomFile('scout', { seriesNumber: 1, seriesDescription: 'Scout' }, { seriesUid: '2.25.0' });
  const after = grown(reading(later), [...later, scout]);
  expect(after.stacks[0]!.name).toBe('Scout');
  expect([shownPath(after, 0), shownPath(after, 1)]).toEqual(['2.25.9/IM0', 'scout']);
  expect(after.panes[2]!.stack).toBeNull();
});

test('panes that scroll together still do, from the same images', () => {
  const [a, b] = [sliceFiles(6, 5, 'a', '1'), sliceFiles(6, 5, 'b', '2').reverse()];
  let state = reading([...a, ...b.slice(0, 2)]);
  state = changeReading(state, { type: 'lay-out', layout: 2 });
  state = changeReading(state, { type: 'link', what: 'scroll', isOn: true });
  const after = grown(state, [...a, ...b]);
  expect(after.anchors.slice(0, 2)).toEqual([0, 4]);
  const moved = changeReading(after, { type: 'scroll-by', by: 1 });
  expect([shownPath(moved, 0), shownPath(moved, 1)]).toEqual(['a/IM1', 'b/IM5']);
});
