import { expect, test } from 'vitest';
import { longestNote, mostOutlinePoints, type Region, readRegion, readRegions } from './region.ts';

const extent = { x: 1.5, y: 2, width: 3, height: 4.25 };
const region = (shape: Region['shape'], number = 1): Region => ({ number, note: 'a note', frame: 0, shape });
const regions: Region[] = [
  region({ kind: 'box', extent }),
  region({ kind: 'ellipse', extent }, 2),
  region(
    {
      kind: 'freehand',
      points: [
        [0, 0],
        [5, 1.5],
        [2, 8],
      ],
    },
    3,
  ),
  region({ kind: 'arrow', from: [1, 2], to: [3, 4] }, 4),
  region({ kind: 'point', at: [9, 9.5] }, 5),
  {
    ...region({ kind: 'length', from: [1, 2], to: [3, 4] }, 6),
    measured: [{ name: 'length', value: 1.5, unit: 'mm' }],
  },
  region(
    {
      kind: 'angle',
      points: [
        [0, 0],
        [5, 5],
        [9, 0],
      ],
    },
    7,
  ),
];

test('what crossed as JSON is read as it was', () => {
  expect(readRegions(JSON.parse(JSON.stringify(regions)))).toEqual(regions);
  expect(readRegions([])).toEqual([]);
});

test('what is not known is left out', () => {
  expect(readRegion({ ...regions[0], colour: 'red', shape: { ...regions[0]!.shape, turn: 3 } })).toEqual(
    regions[0],
  );
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['number 0', { ...regions[0], number: 0 }],
  ['no note at all', { ...regions[0], note: undefined }],
  ['a note beyond measure', { ...regions[0], note: 'x'.repeat(longestNote + 1) }],
  ['a frame before the first', { ...regions[0], frame: -1 }],
  ['a shape of no kind', region({ kind: 'star', extent } as never)],
  ['a box that ends before it begins', region({ kind: 'box', extent: { ...extent, width: -1 } })],
  ['a box at no number', region({ kind: 'box', extent: { ...extent, x: Number.NaN } })],
  ['an outline without points', region({ kind: 'freehand', points: [] })],
  ['an outline with a hole', region({ kind: 'freehand', points: new Array(2) as never })],
  [
    'an outline beyond measure',
    region({ kind: 'freehand', points: new Array(mostOutlinePoints + 1).fill([0, 0]) }),
  ],
  ['a point of three', region({ kind: 'point', at: [1, 2, 3] as never })],
  ['an arrow without a head', region({ kind: 'arrow', from: [1, 2] } as never)],
  ['an angle of two points', region({ kind: 'angle', points: [[1, 2]] } as never)],
  ['a quantity that nobody defined', { ...regions[0], measured: [{ name: 'mood', value: 1, unit: '' }] }],
  ['a quantity of no number', { ...regions[0], measured: [{ name: 'mean', value: Number.NaN, unit: '' }] }],
  ['a quantity twice', { ...regions[0], measured: new Array(2).fill({ name: 'mean', value: 1, unit: '' }) }],
  ['a number as text', region({ kind: 'point', at: ['1', 2] as never })],
])('%s is refused', (_, value) => {
  expect(readRegion(value)).toBeUndefined();
  expect(readRegions([value])).toBeUndefined();
});

test('two regions of one number are refused together', () => {
  expect(readRegions([regions[0], regions[0]])).toBeUndefined();
});
