import { expect, test } from 'vitest';
import { type Picture, poorImage } from './image-content.ts';

function picture(width: number, height: number, at: (x: number, y: number) => number): Picture {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.fill(at(x, y), 4 * (y * width + x), 4 * (y * width + x) + 3);
      data[4 * (y * width + x) + 3] = 255;
    }
  }
  return { width, height, data };
}

const large = { width: 1024, height: 1024 };
const noise = (x: number, y: number) => (x * 7919 + y * 104_729) % 251;
const textLines = (x: number, y: number) => (y % 12 < 5 && (x * 31 + y * 17) % 5 < 2 && x > 10 ? 20 : 250);

test.each([
  ['a stamp', { width: 40, height: 400 }, picture(64, 64, noise), 'tiny'],
  ['one grey', large, picture(64, 64, () => 128), 'uniform'],
  ['nearly black', large, picture(64, 64, (x, y) => (x + y) % 3), 'uniform'],
  ['a page', large, picture(192, 192, textLines), 'text'],
] as const)('%s', (_, size, shown, expected) => {
  expect(poorImage(size, shown)).toBe(expected);
});

test.each([
  ['noise', picture(192, 192, noise)],
  [
    'a dark picture with a bright disc',
    picture(192, 192, (x, y) => (Math.hypot(x - 96, y - 96) < 40 ? 180 : 0)),
  ],
  [
    'a light picture with a dark disc',
    picture(192, 192, (x, y) => (Math.hypot(x - 96, y - 96) < 40 ? 60 : 250)),
  ],
  ['a curve on paper', picture(192, 192, (x, y) => (Math.abs(y - 96 - 60 * Math.sin(x / 9)) < 3 ? 10 : 250))],
  [
    'three curves on paper',
    picture(192, 192, (x, y) =>
      [40, 96, 150].some(base => Math.abs(y - base - 18 * Math.sin(x / 5)) < 2) ? 10 : 250,
    ),
  ],
  ['a gradient', picture(192, 192, x => x)],
  ['white with one line of text', picture(192, 192, (x, y) => (y > 90 && y < 96 && x % 3 === 0 ? 10 : 250))],
  ['text over a dark picture', picture(192, 192, (x, y) => (y % 12 < 5 && x % 3 === 0 ? 250 : 30))],
] as const)('nothing is said of %s', (_, shown) => {
  expect(poorImage(large, shown)).toBeNull();
});
