// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { belongsToControl } from './belongs-to-control.ts';

const input = (type: string) => Object.assign(document.createElement('input'), { type });

test.each([
  ['a text field', input('text'), ['r', ' ', 'ArrowLeft', 'Home', '?'], []],
  ['a field of numbers', input('number'), ['1', 'ArrowUp'], []],
  ['a list', document.createElement('select'), ['r', 'ArrowDown'], []],
  ['a text of lines', document.createElement('textarea'), ['r', 'ArrowDown'], []],
  ['a slider', input('range'), ['ArrowLeft', 'Home', 'PageUp'], ['r', '?', '0', 'Backspace']],
  ['choices', input('radio'), ['ArrowDown', ' '], ['r', 'Home', '?']],
  ['a box to tick', input('checkbox'), [' '], ['r', 'ArrowDown', '?']],
  ['a button', document.createElement('button'), [], ['r', 'ArrowDown', '?']],
  ['an image', document.createElement('div'), [], ['r', 'ArrowDown', ' ']],
])('%s keeps the keys that it needs, and leaves the others to the image', (_, control, kept, left) => {
  expect(kept.filter(key => !belongsToControl(key, control))).toEqual([]);
  expect(left.filter(key => belongsToControl(key, control))).toEqual([]);
});
