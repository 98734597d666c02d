import { expect, test } from 'vitest';
import { changeInWords, positionInWords, signed, zoomInWords } from './change-in-words.ts';
import { changeViewer, startViewer, type ViewerAction } from './viewer-state.ts';

const start = changeViewer(startViewer({ width: 100, height: 100 }), {
  type: 'resize',
  frame: { width: 500, height: 500 },
});
const after = (...actions: ViewerAction[]) => changeInWords(start, actions.reduce(changeViewer, start));

test('says what changed, and nothing else', () => {
  expect(after()).toBe('');
  expect(after({ type: 'pan', by: [5, 5] })).toBe('');
  expect(after({ type: 'zoom-to', zoom: 1 })).toBe('Zoom 100\u00a0%');
  expect(after({ type: 'turn', by: -1 })).toBe('Turned left');
  expect(after({ type: 'turn', by: 1 }, { type: 'turn', by: 1 })).toBe('Turned by half');
  expect(after({ type: 'flip' }, { type: 'invert' })).toBe('Flipped. Inverted');
  expect(after({ type: 'adjust-tone', brightness: -5 })).toBe('Brightness −5');
  expect(after({ type: 'adjust-tone', contrast: 5 })).toBe('Contrast +5');
  expect(after({ type: 'show-shapes', areShown: false })).toBe('Marks not shown');
  expect(after({ type: 'show-layer', layer: 'adaptive' })).toBe('Tiles of the second grid shown');
});

test('says what a reset undid', () => {
  const changed = (
    [{ type: 'turn', by: 1 }, { type: 'zoom-to', zoom: 2 }, { type: 'invert' }] as const
  ).reduce<typeof start>(changeViewer, start);
  expect(changeInWords(changed, changeViewer(changed, { type: 'reset' }))).toBe(
    'Upright. Not inverted. Zoom 485\u00a0%, fitted to the window',
  );
});

test.each([1, -1] as const)('a turn by %i is said as it is seen, flipped too', by => {
  const flipped = changeViewer(start, { type: 'flip' });
  expect(changeInWords(flipped, changeViewer(flipped, { type: 'turn', by }))).toBe(
    by === 1 ? 'Turned right' : 'Turned left',
  );
});

test('figures', () => {
  expect(zoomInWords(1.254)).toBe('125\u00a0%');
  expect(zoomInWords(0.0123)).toBe('1.2\u00a0%');
  expect([9.8, 0.2, -0.4, -3].map(signed)).toEqual(['+10', '0', '0', '−3']);
});

test('a picture that does not lie as it was stored says so', () => {
  const position = (...actions: ViewerAction[]) => positionInWords(actions.reduce(changeViewer, start));
  expect(position({ type: 'zoom-to', zoom: 3 })).toBe('');
  expect(position({ type: 'flip' })).toBe('Left and right exchanged');
  expect(position({ type: 'flip' }, { type: 'turn', by: 1 }, { type: 'invert' })).toBe(
    'Turned 270° · Left and right exchanged · Inverted',
  );
});
