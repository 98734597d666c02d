import { expect, test } from 'vitest';
import { sliceFiles, studyOf } from '../../testing/studies.ts';
import { changeReading } from '../state/change-reading.ts';
import { type ReadingState, startReading } from '../state/reading-state.ts';
import { stacksOf } from '../study/stacks.ts';
import { framesAhead, type Heading, hasMovedOn, headingOf } from './frames-ahead.ts';

function open(...series: string[]) {
  const files = series.flatMap(name => sliceFiles(20, 5, name));
  return startReading(studyOf(...files), stacksOf(files));
}
const to = (state: ReadingState, index: number) => changeReading(state, { type: 'scroll-to', index });
const names = (state: ReadingState, headings: Heading[]) =>
  framesAhead(state, headings).map(({ file }) => (file as File).name);
const headings = (...states: ReadingState[]) =>
  states.reduce<Heading[]>(
    (before, state) => state.panes.map((pane, place) => headingOf(before[place], pane)),
    [],
  );

test('a stack that was opened is scrolled down first', () => {
  const state = open('a');
  expect(names(state, headings(state))).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map(at => `a/IM${at}`));
});

test('in the direction of scrolling, the nearest first, and two behind', () => {
  const start = open('a');
  const down = to(start, 10);
  const up = to(down, 9);
  expect(names(down, headings(start, down))).toEqual(
    [11, 12, 13, 14, 15, 16, 17, 18, 9, 8].map(at => `a/IM${at}`),
  );
  expect(names(up, headings(start, down, up))).toEqual(
    [8, 7, 6, 5, 4, 3, 2, 1, 10, 11].map(at => `a/IM${at}`),
  );
  // Another window of the same image turns nothing round.
  expect(names(up, headings(start, down, up, up))[0]).toBe('a/IM8');
});

test('of the panes that are seen alone, the active one first', () => {
  const one = open('a', 'b', 'c');
  const two = changeReading(changeReading(one, { type: 'lay-out', layout: 2 }), {
    type: 'activate',
    pane: 1,
  });
  expect(names(two, headings(two)).slice(0, 4)).toEqual(['b/IM1', 'a/IM1', 'b/IM2', 'a/IM2']);
  expect(names(two, headings(two)).some(name => name.startsWith('c'))).toBe(false);
});

test('said anew after some images, when it turns, and of another stack', () => {
  const start = open('a');
  const from = headings(start, to(start, 4));
  const moved = (index: number) => hasMovedOn(from, headings(start, to(start, 4), to(start, index)));
  expect([4, 5, 7, 8, 3].map(moved)).toEqual([false, false, false, true, true]);
  expect(hasMovedOn([], from)).toBe(true);
  expect(hasMovedOn(from, headings(open('b')))).toBe(true);
});
