import { expect, test } from 'vitest';
import { ctWindows } from '../../testing/studies.ts';
import { distinctVois, dragLevel, type Level, levelOf, tidyLevel, voiInWords, voiLabel } from './voi.ts';

const level = (centre: number, width: number, name: Level['function'] = 'LINEAR'): Level => ({
  kind: 'level',
  centre,
  width,
  function: name,
});

test('a drag of nothing changes nothing; right is wider by shares, up is brighter', () => {
  expect(dragLevel(level(40, 400), [0, 0])).toEqual(level(40, 400));
  expect(dragLevel(level(40, 400), [100, 0]).width).toBe(Math.round(400 * Math.exp(0.5)));
  expect(dragLevel(level(40, 400), [0, -30]).centre).toBe(0);
});

test('never narrower than its function can be computed', () => {
  expect(dragLevel(level(0, 2), [-1e6, 0]).width).toBe(1);
  expect(dragLevel(level(0, 2, 'SIGMOID'), [-1e6, 0]).width).toBe(1e-6);
  expect(tidyLevel(level(0.123456, 0.056789, 'LINEAR_EXACT'))).toMatchObject({
    centre: 0.1235,
    width: 0.0568,
  });
});

test('tables and ranges become levels by the range of the values', () => {
  expect(levelOf({ kind: 'lut', index: 0 }, null)).toBeNull();
  expect(levelOf({ kind: 'range' }, [10, 10])).toEqual(level(10, 1));
  expect(levelOf({ kind: 'lut', index: 0 }, [0, 100])).toEqual(level(50, 100));
});

test('what is offered has names, each way once, the full range last', () => {
  expect(distinctVois(ctWindows).map(voiLabel)).toEqual(['As the file says', 'Lung', 'Bone', 'Full range']);
  expect(voiLabel({ name: 'window-2', choice: level(1, 2), explanation: ' MEDIASTINUM ' })).toBe(
    'MEDIASTINUM',
  );
  expect(voiLabel({ name: 'window-2', choice: level(1, 2), explanation: null })).toBe('Window 2 of the file');
  expect(voiLabel({ name: 'voi-lut-0', choice: { kind: 'lut', index: 0 }, explanation: null })).toBe(
    'Table 1 of the file',
  );
});

test('in words, with a true minus sign', () => {
  expect(voiInWords(level(-600, 1500))).toBe('Centre −600, width 1500');
});
