import { expect, test } from 'vitest';
import { sliceFiles, studyOf } from '../../testing/studies.ts';
import { stacksOf } from '../study/stacks.ts';
import { changeReading } from './change-reading.ts';
import type { ReadingAction } from './reading-actions.ts';
import { startReading } from './reading-state.ts';
import { staysBeside } from './stays-beside.ts';

const files = sliceFiles(4);
const started = startReading(studyOf(...files), stacksOf(files));
const voi = { kind: 'range' } as const;

test.each<[string, ReadingAction, boolean]>([
  ['a scroll', { type: 'scroll-by', by: 1 }, true],
  ['the pointer', { type: 'hover', at: [3, 4] }, true],
  ['a window', { type: 'set-voi', voi }, false],
  ['a turn', { type: 'view', action: { type: 'turn', by: 1 } }, false],
  ['another tool', { type: 'choose-tool', tool: 'length' }, false],
  ['two panes', { type: 'lay-out', layout: 2 }, false],
  ['a link', { type: 'link', what: 'zoom', isOn: true }, false],
])('%s', (_, action, stays) => {
  const after = changeReading(started, action);
  expect(after).not.toBe(started);
  expect(staysBeside(started, after)).toBe(stays);
});

test('another choice of a mark, and what is written on it, is seen at once', () => {
  const marked = { ...started, marks: [], chosenMark: 'a' };
  expect(staysBeside(started, marked)).toBe(false);
  expect(staysBeside(started, started)).toBe(true);
});
