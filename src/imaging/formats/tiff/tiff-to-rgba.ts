import { bitsOf, deepest } from '../deep-png.ts';
import type { TiffPixels } from './decode-tiff.ts';

/**
 * Straight RGBA of 8 bits. Of 16 bits the upper 8 are kept; where all values are so low that they would look black, the upper 8 of
 * those that they have (`bits`), as of PNG.
 */
export function tiffToRgba({ page, values }: TiffPixels): { rgba: Uint8ClampedArray; bits: number } {
  const { width, height, samples, colours, alpha, colourMap } = page;
  const own = colours === 'rgb' ? 3 : 1;
  const bits = page.bits === 8 || colours === 'palette' ? page.bits : depthOf(values, samples, own);
  const shift = bits - 8;
  const alphaShift = page.bits - 8;
  const rgba = new Uint8ClampedArray(width * height * 4);
  const entries = 2 ** page.bits;
  for (let pixel = 0, from = 0, to = 0; pixel < width * height; pixel++, from += samples, to += 4) {
    const opacity = alpha === 'none' ? 255 : values[from + own]! >> alphaShift;
    for (let channel = 0; channel < 3; channel++) {
      const value = values[from + (own === 3 ? channel : 0)]!;
      let shown = value >> shift;
      if (colours === 'palette') shown = colourMap[channel * entries + value]! >> 8;
      else if (colours === 'white-is-zero') shown = 255 - shown;
      // What is transparent already has its share of the ground taken away.
      rgba[to + channel] = alpha === 'premultiplied' && opacity > 0 ? (shown * 255) / opacity : shown;
    }
    rgba[to + 3] = opacity;
  }
  return { rgba, bits };
}

/** The bits that the colours' values have: of such as would look black fewer than 16. */
export function depthOf(values: Uint8Array | Uint16Array, samples: number, own: number): number {
  let largest = 0;
  for (let from = 0; from < values.length; from += samples) {
    for (let channel = 0; channel < own; channel++) {
      const value = values[from + channel]!;
      if (value > largest) largest = value;
    }
  }
  return largest === 0 || largest >= deepest ? 16 : bitsOf(largest);
}
