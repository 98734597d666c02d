import { describe, expect, it } from 'vitest';
import { copyOnWhite, flattenOnWhite, orient } from './decode.ts';
import type { Orientation } from './formats/exif-orientation.ts';
import type { RgbImage } from './rgb-image.ts';

/** One letter a pixel, one word a row. */
function draw(picture: string): RgbImage {
  const rows = picture.split(' ');
  const letters = rows.join('');
  const data = Uint8Array.from([...letters].flatMap(letter => [0, 1, 2].map(i => letter.charCodeAt(0) + i)));
  return { width: rows[0]!.length, height: rows.length, data };
}

describe('orientation', () => {
  // Where EXIF says that row 0 and column 0 of the stored pixels are in the upright picture.
  it.each<[Orientation, string]>([
    [1, 'abc def'],
    [2, 'cba fed'],
    [3, 'fed cba'],
    [4, 'def abc'],
    [5, 'ad be cf'],
    [6, 'da eb fc'],
    [7, 'fc eb da'],
    [8, 'cf be ad'],
  ])('%i turns abc def into %s', (orientation, upright) => {
    expect(orient(draw('abc def'), orientation)).toEqual(draw(upright));
  });
});

describe('transparency on white', () => {
  it('rounds every value under every alpha to the nearest', () => {
    const rgba = new Uint8Array(256 * 256 * 4);
    for (let value = 0; value < 256; value++) {
      for (let alpha = 0; alpha < 256; alpha++)
        rgba.set([value, 255 - value, 7, alpha], (value * 256 + alpha) * 4);
    }
    const { data } = flattenOnWhite(rgba, 256, 256);
    for (let pixel = 0; pixel < 256 * 256; pixel++) {
      const alpha = rgba[pixel * 4 + 3]!;
      for (let channel = 0; channel < 3; channel++) {
        const exact = (rgba[pixel * 4 + channel]! * alpha) / 255 + 255 - alpha;
        if (data[pixel * 3 + channel] !== Math.round(exact)) expect(data[pixel * 3 + channel]).toBe(exact);
      }
    }
    expect([...data.subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  it('puts a block in its place', () => {
    const image = { width: 3, height: 2, data: new Uint8Array(18) };
    copyOnWhite(
      Uint8Array.from([1, 2, 3, 255, 4, 5, 6, 255]),
      { left: 1, top: 1, width: 2, height: 1 },
      image,
    );
    expect([...image.data]).toEqual([...new Array(12).fill(0), 1, 2, 3, 4, 5, 6]);
  });
});
