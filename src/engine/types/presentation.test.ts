import { describe, expect, test } from 'vitest';
import {
  type ImagePresentation,
  imageKey,
  isSamePresentation,
  plainPresentation,
  presentationKey,
  presentedSize,
  readPresentation,
} from './presentation.ts';

const all: ImagePresentation = {
  frame: 3,
  window: { kind: 'level', centre: -600, width: 1500, function: 'LINEAR' },
  isInverted: true,
  turns: 1,
  isFlipped: true,
  redactions: [
    { x: 5, y: 6, width: 7, height: 8 },
    { x: 1, y: 2, width: 3, height: 4 },
  ],
  region: { x: 10, y: 20, width: 30, height: 40 },
};

/** One for each way in which a presentation can differ from the plain one. */
const others: ImagePresentation[] = [
  ...Object.entries(all).map(([field, value]) => ({ ...plainPresentation, [field]: value })),
  { ...plainPresentation, window: { kind: 'lut', index: 0 } },
  { ...plainPresentation, window: { kind: 'lut', index: 1 } },
  { ...plainPresentation, window: { kind: 'range' } },
  { ...plainPresentation, window: { kind: 'level', centre: -600, width: 1500, function: 'SIGMOID' } },
  { ...plainPresentation, window: { kind: 'level', centre: -600.5, width: 1500, function: 'LINEAR' } },
  { ...plainPresentation, window: { kind: 'level', centre: -600, width: 1501, function: 'LINEAR' } },
  { ...plainPresentation, redactions: [all.redactions[0]!] },
  { ...plainPresentation, turns: 2 },
];

describe('reading', () => {
  test('gives back what crossed as JSON', () => {
    for (const each of [all, plainPresentation, ...others]) {
      expect(readPresentation(JSON.parse(JSON.stringify(each)))).toEqual(each);
    }
  });

  test('takes nothing in the place of what is missing', () => {
    for (const field of Object.keys(all)) {
      const { [field as keyof ImagePresentation]: _, ...rest } = all;
      expect([field, readPresentation(rest)]).toEqual([field, undefined]);
    }
  });

  test('leaves out what it does not know', () => {
    const found = readPresentation({ ...all, patient: 'X', window: { ...all.window, note: 'X' } });
    expect(found).toEqual(all);
  });

  const level = { kind: 'level', centre: 40, width: 400, function: 'LINEAR' };
  test.each<[string, unknown]>([
    ['null', null],
    ['a list', [all]],
    ['a text', 'plain'],
    ['half a frame', { ...all, frame: 0.5 }],
    ['a frame before the first', { ...all, frame: -1 }],
    ['five quarter turns', { ...all, turns: 5 }],
    ['a number for a flag', { ...all, isInverted: 1 }],
    ['a window of no kind', { ...all, window: { ...level, kind: 'lung' } }],
    ['a function that nobody defined', { ...all, window: { ...level, function: 'CUBIC' } }],
    ['a window without width', { ...all, window: { ...level, width: 0 } }],
    ['a linear window narrower than 1', { ...all, window: { ...level, width: 0.5 } }],
    ['a window at no number', { ...all, window: { ...level, centre: Number.NaN } }],
    ['an endless window', { ...all, window: { ...level, width: Number.POSITIVE_INFINITY } }],
    ['a number as text', { ...all, window: { ...level, centre: '40' } }],
    ['a table before the first', { ...all, window: { kind: 'lut', index: -1 } }],
    ['black of no area', { ...all, redactions: [{ x: 0, y: 0, width: 0, height: 4 }] }],
    ['black that is one hole in a list', { ...all, redactions: new Array(1) }],
    ['half a pixel', { ...all, region: { x: 0.5, y: 0, width: 1, height: 1 } }],
    ['a region outside', { ...all, region: { x: -1, y: 0, width: 1, height: 1 } }],
    ['too much black', { ...all, redactions: new Array(257).fill({ x: 0, y: 0, width: 1, height: 1 }) }],
  ])('refuses %s', (_, value) => {
    expect(readPresentation(value)).toBeUndefined();
  });

  test('takes narrower windows where the function does', () => {
    const window = { ...level, width: 0.5, function: 'LINEAR_EXACT' };
    expect(readPresentation({ ...all, window })?.window).toEqual(window);
  });
});

describe('the key', () => {
  test('is empty where the file is shown as it is', () => {
    expect(presentationKey(plainPresentation)).toBe('');
    expect(imageKey('abc')).toBe('abc');
    expect(imageKey('abc', plainPresentation)).toBe('abc');
  });

  test('tells apart all that show something else', () => {
    const keys = [plainPresentation, all, ...others].map(presentationKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(imageKey('abc', all)).toBe(`abc#${presentationKey(all)}`);
  });

  test('says all of it in words that stay', () => {
    expect(presentationKey(all)).toBe(
      'frame 3; window -600,1500 LINEAR; inverted; turned 1; flipped; black 1,2,3,4; black 5,6,7,8; region 10,20,30,40',
    );
  });

  test('is the same for what shows the same', () => {
    const [first, second] = all.redactions as [
      ImagePresentation['redactions'][0],
      ImagePresentation['redactions'][0],
    ];
    expect(isSamePresentation(all, { ...all, redactions: [second, first, second] })).toBe(true);
    const zero = readPresentation({
      ...all,
      window: { kind: 'level', centre: -0, width: 2, function: 'LINEAR' },
    })!;
    expect(Object.is((zero.window as { centre: number }).centre, 0)).toBe(true);
    expect(isSamePresentation(all, { ...all, frame: 4 })).toBe(false);
  });
});

test('the size of what is shown follows quarter turns', () => {
  const size = { width: 30, height: 20 };
  expect([0, 1, 2, 3].map(turns => presentedSize(size, { turns: turns as 0 }).width)).toEqual([
    30, 20, 30, 20,
  ]);
});
