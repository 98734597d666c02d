import { expect, test } from 'vitest';
import { placePoint } from '../../engine/regions/place.ts';
import { type ImagePresentation, plainPresentation, presentedSize } from '../../engine/types/presentation.ts';
import type { DecodedFile } from '../decode.ts';
import type { RgbImage } from '../rgb-image.ts';
import { plainImage } from './plain-image.ts';
import { renderPicture, renderUpright } from './render-picture.ts';

const width = 30;
const height = 20;

/** Every pixel is of another colour, or of another grey in its row. */
function fileOf(pixel: (x: number, y: number) => number[]): DecodedFile {
  const data = Array.from({ length: width * height }, (_, i) => pixel(i % width, Math.floor(i / width)));
  const image = { width, height, data: Uint8Array.from(data.flat()) };
  return { image, format: 'png', isAnimated: false, bytes: new Uint8Array() };
}

const colours = plainImage(fileOf((x, y) => [x, y, 200]));
const greys = plainImage(fileOf((x, y) => new Array(3).fill(x * 8 + y)));
const pixelAt = ({ data, width: across }: RgbImage, x: number, y: number) => [
  ...data.subarray((y * across + x) * 3, (y * across + x) * 3 + 3),
];
const render = (changes: Partial<ImagePresentation>, image = colours) =>
  renderPicture(image, { ...plainPresentation, ...changes });

test('plain is the file itself, each time the caller has one of its own', async () => {
  const first = await render({});
  expect(pixelAt(first, 7, 5)).toEqual([7, 5, 200]);
  first.data.fill(0);
  expect(pixelAt(await render({}), 7, 5)).toEqual([7, 5, 200]);
  expect(pixelAt(await render({ region: { x: 1, y: 2, width: 3, height: 4 } }), 1, 2)).toEqual([1, 2, 200]);
});

test('turned and flipped, each pixel lies where marks are placed', async () => {
  for (const turns of [0, 1, 2, 3] as const) {
    for (const isFlipped of [false, true]) {
      const picture = await render({ turns, isFlipped });
      expect(picture).toMatchObject(presentedSize({ width, height }, { turns }));
      const [x, y] = placePoint([7.5, 5.5], { width, height }, { turns, isFlipped });
      expect(pixelAt(picture, Math.floor(x), Math.floor(y))).toEqual([7, 5, 200]);
    }
  }
});

test('black is black whatever else, and lies in the upright image', async () => {
  const redactions = [
    { x: 2, y: 3, width: 4, height: 5 },
    { x: 25, y: 18, width: 100, height: 100 },
    { x: 500, y: 1, width: 9, height: 9 },
  ];
  const picture = await render({ redactions, isInverted: true, turns: 1 });
  const upright = await render({ redactions, isInverted: true });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isBlack = (x >= 2 && x < 6 && y >= 3 && y < 8) || (x >= 25 && y >= 18);
      const shown = isBlack ? [0, 0, 0] : [255 - x, 255 - y, 55];
      expect(pixelAt(upright, x, y)).toEqual(shown);
      expect(pixelAt(picture, height - 1 - y, x)).toEqual(shown);
    }
  }
  expect(
    await renderUpright(colours, { ...plainPresentation, redactions, isInverted: true, turns: 1 }),
  ).toEqual(upright);
});

test('greys go through a window; through the widest they are as they were', async () => {
  const frame = await greys.decodeFrame(0);
  const [widest] = frame.windows;
  expect(await render({ window: widest!.choice }, greys)).toEqual(await render({}, greys));
  const narrow = { kind: 'level', centre: 100, width: 51, function: 'LINEAR' } as const;
  const shown = await render({ window: narrow }, greys);
  // PS3.3 C.11.2.1.2: ((x - 99.5) / 50 + 0.5) * 255, to the nearest.
  for (const [x, y] of [
    [0, 0],
    [9, 2],
    [10, 10],
    [12, 4],
    [15, 5],
    [29, 19],
  ] as const) {
    const value = Math.min(255, Math.max(0, Math.floor(((x * 8 + y - 99.5) / 50 + 0.5) * 255 + 0.5)));
    expect(pixelAt(shown, x, y)).toEqual([value, value, value]);
  }
  const inverted = await render({ window: narrow, isInverted: true }, greys);
  expect(inverted.data.every((value, i) => value === 255 - shown.data[i]!)).toBe(true);
  const range = await render({ window: { kind: 'range' } }, greys);
  expect([pixelAt(range, 0, 0)[0], pixelAt(range, 29, 19)[0]]).toEqual([0, 255]);
  expect(frame.values()).toMatchObject({ width, height, least: 0, greatest: 251, unit: null });
  expect((await colours.decodeFrame(0)).values()).toBeNull();
});

test.each<[string, Partial<ImagePresentation>, typeof colours, string]>([
  ['a frame that is not there', { frame: 1 }, colours, 'presentation-frame'],
  ['a window of colours', { window: { kind: 'range' } }, colours, 'presentation-window-of-colours'],
  ['a table that is not there', { window: { kind: 'lut', index: 0 } }, greys, 'presentation-table'],
  ['a region outside', { region: { x: 28, y: 2, width: 3, height: 4 } }, colours, 'presentation-region'],
  ['half a turn and a half', { turns: 1.5 as 1 }, colours, 'presentation-unreadable'],
])('%s is refused, and why is said', async (_, changes, image, reason) => {
  await expect(render(changes, image)).rejects.toMatchObject({
    code: 'invalid-request',
    reason: 'presentation-does-not-fit',
    values: expect.objectContaining({ why: reason }),
  });
});
