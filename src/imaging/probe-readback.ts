import { BedsideError } from '../engine/errors.ts';
import {
  type Readback,
  rawPixels,
  readThroughCanvas,
  readThroughVideoFrame,
  readThroughWebgl,
} from './readback.ts';

const found: { opaque?: Readback; alpha?: Readback } = {};

/**
 * The first way that gives a known pattern back unchanged. Browsers with a protection against fingerprinting alter what a
 * page reads, a little in some pixels or in all of them. Wrong pixels are worse than none: fails with `unsupported-image`
 * where no way is exact. With alpha, the canvas is the last resort: it rounds once more, so values may be off by one.
 */
export async function findReadback(hasAlpha: boolean): Promise<Readback> {
  const kind = hasAlpha ? 'alpha' : 'opaque';
  found[kind] ??= hasAlpha
    ? ((await firstExact([readThroughWebgl, readThroughVideoFrame], true)) ??
      (await firstExact([readThroughCanvas], false)))
    : await firstExact([readThroughCanvas, readThroughWebgl, readThroughVideoFrame], false);
  if (found[kind]) return found[kind];
  throw new BedsideError(
    'unsupported-image',
    'This browser changes the pixels of images before a page may read them, to protect against fingerprinting.',
    'Allow this site to read image data: in Brave, turn Shields off for it; in Firefox, grant it canvas access or turn resistFingerprinting off. Then reload the page.',
  );
}

async function firstExact(ways: Readback[], hasAlpha: boolean): Promise<Readback | undefined> {
  for (const way of ways) if (await isExact(way, hasAlpha)) return way;
  return undefined;
}

const side = 64;
/** Off the corner and not square, so that a way that reads another place or turns rows around is found out. */
const probed = { left: 7, top: 3, width: 53, height: 47 };

async function isExact(way: Readback, hasAlpha: boolean): Promise<boolean> {
  const pattern = makePattern(hasAlpha);
  const bitmap = await createImageBitmap(new ImageData(pattern, side, side), rawPixels);
  try {
    const open = way(bitmap);
    if (!open) return false;
    try {
      const read = await open.read(probed);
      return read.every((value, i) => {
        const pixel = Math.floor(i / 4);
        const x = probed.left + (pixel % probed.width);
        const y = probed.top + Math.floor(pixel / probed.width);
        return value === pattern[(y * side + x) * 4 + (i % 4)];
      });
    } finally {
      open.close();
    }
  } catch {
    // A way that throws is a way that this browser does not have.
    return false;
  } finally {
    bitmap.close();
  }
}

/** Every value in every channel, without a visible order; alpha from 1 up, as under 0 colours need not be kept. */
function makePattern(hasAlpha: boolean): Uint8ClampedArray<ArrayBuffer> {
  const pattern = new Uint8ClampedArray(side * side * 4);
  let state = 1;
  for (let i = 0; i < pattern.length; i++) {
    // Numerical Recipes' linear congruential generator; its high bits are the random ones.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = state >>> 24;
    pattern[i] = i % 4 < 3 ? value : hasAlpha ? Math.max(1, value) : 255;
  }
  return pattern;
}
