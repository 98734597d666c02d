import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fixture } from '../../test/support/data.ts';
import {
  ctColourWindow,
  plainPresentation,
  presentationKey,
  readPresentation,
} from '../engine/types/presentation.ts';
import { ctColours, evenSlices } from './ct-colours.ts';
import { openImage } from './presented/open-image.ts';
import { renderPicture } from './presented/render-picture.ts';

// By numpy 2: np.round of ((clip - least) / (greatest - least) * 255) in float32, as uint8.
test('Hounsfield units become red, green and blue as numpy makes them', () => {
  const known: [number, number[]][] = [
    [-3024, [0, 0, 0]],
    [-1000, [3, 0, 0]],
    [-135, [111, 0, 0]],
    [-50, [121, 62, 0]],
    [-0.5, [127, 98, 0]],
    [0, [128, 98, 0]],
    [12.345, [129, 107, 39]],
    [40, [132, 128, 128]],
    [80, [137, 157, 255]],
    [215, [154, 255, 255]],
    [512, [191, 255, 255]],
    [3071, [255, 255, 255]],
  ];
  for (const [value, rgb] of known) expect([value, ...ctColours([value])]).toEqual([value, ...rgb]);
  const all = ctColours(Array.from({ length: 4001 }, (_, i) => i - 2000));
  expect(createHash('sha256').update(all).digest('hex')).toBe(
    'b1549ee6ffec41423fda7af8ebf17bd3e9c719d0ece92bc9f8a2b376fdbdefbb',
  );
});

// By Python: int(round(i / most * (count - 1))) for i from 1.
test('slices are chosen evenly over a series', () => {
  expect(evenSlices(3, 85)).toEqual([0, 1, 2]);
  expect(evenSlices(120, 7)).toEqual([17, 34, 51, 68, 85, 102, 119]);
  expect(evenSlices(11, 4)).toEqual([2, 5, 8, 10]);
  expect(evenSlices(200, 85).slice(0, 6)).toEqual([2, 5, 7, 9, 12, 14]);
  expect(new Set(evenSlices(86, 85)).size).toBe(85);
});

const blobOf = (name: string) => new Blob([readFileSync(fixture(`dicom/${name}`))]);
const noDecoder = () => Promise.reject(new Error('not for the decoder of pictures'));

test.each(['ts-implicit-le.dcm', 'ts-jpegls-lossless-80.dcm'])(
  '%s is shown as numpy makes it of its values',
  async name => {
    const image = await openImage(blobOf(name), noDecoder);
    const shown = { ...plainPresentation, window: ctColourWindow };
    const { data } = await renderPicture(image, shown);
    expect(createHash('sha256').update(data).digest('hex')).toBe(
      '0ea354a59dcd29b47f895b0eebb66c93a1858180ce8c761cbbe18c3c35a76c92',
    );
    const inverted = await renderPicture(image, { ...shown, isInverted: true });
    expect(inverted.data.every((value, i) => value === 255 - data[i]!)).toBe(true);
  },
);

test('what is not in Hounsfield units is not shown so', async () => {
  const image = await openImage(blobOf('parse-icon-image.dcm'), noDecoder);
  await expect(renderPicture(image, { ...plainPresentation, window: ctColourWindow })).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringContaining('Hounsfield'),
  });
});

test('a record of it is read again, and found by a key of its own', () => {
  const shown = { ...plainPresentation, window: ctColourWindow };
  expect(readPresentation(JSON.parse(JSON.stringify(shown)))).toEqual(shown);
  expect(presentationKey(shown)).toBe('ct colours');
});
