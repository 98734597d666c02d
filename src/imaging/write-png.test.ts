import { expect, test } from 'vitest';
import { decodeInNode } from '../cli/input/decode-image.ts';
import { writePng } from './write-png.ts';

const picture = (pixel: (i: number) => number[]) => ({
  width: 37,
  height: 21,
  data: Uint8Array.from(Array.from({ length: 37 * 21 }, (_, i) => pixel(i)).flat()),
});

test.each([
  ['colour', picture(i => [i, i * 3, i * 7]), 2],
  ['grey', picture(i => [i, i, i]), 0],
  ['all but grey', picture(i => [9, 9, i === 700 ? 8 : 9]), 2],
])('another decoder reads what was written: %s', async (_, image, colourType) => {
  const file = await writePng(image);
  expect(file[25]).toBe(colourType);
  expect((await decodeInNode(file)).image).toEqual(image);
});
