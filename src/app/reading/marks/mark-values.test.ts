import { expect, test } from 'vitest';
import { squarePixels } from '../geometry/plane.ts';
import { measure } from './mark-values.ts';
import { figure, pixelValue, valueInWords } from './values-in-words.ts';

const spaced = { spacing: { row: 0.5, column: 0.5, at: 'patient' }, aspect: 1 } as const;
const plain = (lines: string[]) => lines.map(line => line.replaceAll('\u00a0', ' '));

test('a length in millimetres, at the detector, and in pixels', () => {
  const mark = {
    kind: 'length',
    points: [
      [0, 0],
      [30, 40],
    ],
  } as const;
  expect(plain(valueInWords(measure(mark, spaced, null)!, spaced, 'HU'))).toEqual(['25.0 mm']);
  const detector = { spacing: { ...spaced.spacing, at: 'detector' }, aspect: 1 } as const;
  expect(plain(valueInWords(measure(mark, detector, null)!, detector, ''))).toEqual([
    '25.0 mm at the detector',
  ]);
  expect(plain(valueInWords(measure(mark, squarePixels, null)!, squarePixels, ''))).toEqual(['50.0 pixels']);
});

test('an angle is at its second point', () => {
  const mark = {
    kind: 'angle',
    points: [
      [9, 0],
      [0, 0],
      [0, 4],
    ],
  } as const;
  expect(valueInWords(measure(mark, squarePixels, null)!, squarePixels, '')).toEqual(['90.0°']);
});

test('a region with its mean, deviation and size; none without values', () => {
  const mark = {
    kind: 'rectangle',
    points: [
      [0, 0],
      [2, 1],
    ],
  } as const;
  const values = { width: 2, height: 1, values: [-30, -10] };
  expect(plain(valueInWords(measure(mark, spaced, values)!, spaced, 'HU'))).toEqual([
    'Mean −20.0 HU, deviation 10.0',
    'From −30 to −10',
    '0.5 mm², 2 pixels',
  ]);
  expect(measure(mark, spaced, null)).toBeNull();
});

test('arrows, points and black boxes measure nothing', () => {
  const values = { width: 1, height: 1, values: [1] };
  for (const kind of ['arrow', 'point', 'redaction'] as const)
    expect(
      measure(
        {
          kind,
          points: [
            [0, 0],
            [1, 1],
          ],
        },
        spaced,
        values,
      ),
    ).toBeNull();
});

test('figures', () => {
  expect([figure(-0.04), figure(-1.26), figure(3, 0)]).toEqual(['0.0', '−1.3', '3']);
  expect([pixelValue(-1024, 'HU'), pixelValue(0.123456, ''), pixelValue(1234.56, '')]).toEqual([
    '−1024\u00a0HU',
    '0.123',
    '1234.6',
  ]);
});
