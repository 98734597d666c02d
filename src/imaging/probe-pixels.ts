import { BedsideError } from '../engine/errors.ts';
import { sentence } from '../engine/sentence.ts';
import {
  type PixelReader,
  rawPixels,
  readThroughCanvas,
  readThroughVideoFrame,
  readThroughWebgl,
} from './bitmap-pixels.ts';
import { flattenOnWhite } from './decode.ts';
import { cropImage } from './rgb-image.ts';

const ways: readonly PixelReader[] = [readThroughCanvas, readThroughWebgl, readThroughVideoFrame];
const found: { opaque?: PixelReader; alpha?: PixelReader } = {};

/**
 * The first way that gives a known pattern back unchanged. Browsers with a protection against fingerprinting alter what a
 * page reads, a little in some pixels or in all of them. Wrong pixels are worse than none: fails with `unsupported-image`
 * where no way is exact.
 */
export async function findPixelReader(hasAlpha: boolean): Promise<PixelReader> {
  const kind = hasAlpha ? 'alpha' : 'opaque';
  found[kind] ??= await findExact(hasAlpha);
  if (found[kind]) return found[kind];
  throw new BedsideError(
    'unsupported-image',
    sentence`browser-changes-pixels: This browser changes the pixels of images before a page may read them, to protect against fingerprinting.`,
    'Allow this site to read image data: in Brave, turn Shields off for it; in Firefox, grant it canvas access or turn resistFingerprinting off. Then reload the page.',
  );
}

/** A way that is exact for opaque pixels is honest: of those, one that rounds transparent ones otherwise will do. */
async function findExact(hasAlpha: boolean): Promise<PixelReader | undefined> {
  for (const mostError of hasAlpha ? [0, 1] : [0]) {
    for (const way of ways) {
      if ((await largestError(way, false)) > 0) continue;
      if (!hasAlpha || (await largestError(way, true)) <= mostError) return way;
    }
  }
  return undefined;
}

const side = 64;
/** Off the corner and not square, so that a way that reads another place or turns rows around is found out. */
const probed = { left: 7, top: 3, width: 53, height: 47 };

/** Between the pattern and what comes back of it, both on white: of 255. Infinite where the browser lacks the way. */
async function largestError(way: PixelReader, hasAlpha: boolean): Promise<number> {
  const pattern = makePattern(hasAlpha);
  const bitmap = await createImageBitmap(new ImageData(pattern, side, side), rawPixels);
  try {
    const open = way(bitmap);
    if (!open) return Number.POSITIVE_INFINITY;
    try {
      const { left, top, width, height } = probed;
      const read = flattenOnWhite(await open.read(probed), width, height);
      const drawn = cropImage(flattenOnWhite(pattern, side, side), left, top, width, height);
      return drawn.data.reduce((most, value, i) => Math.max(most, Math.abs(value - read.data[i]!)), 0);
    } finally {
      open.close();
    }
  } catch {
    // A way that throws is a way that this browser does not have.
    return Number.POSITIVE_INFINITY;
  } finally {
    bitmap.close();
  }
}

/** Every value in every channel, without a visible order. */
function makePattern(hasAlpha: boolean): Uint8ClampedArray<ArrayBuffer> {
  const pattern = new Uint8ClampedArray(side * side * 4);
  let state = 1;
  for (let i = 0; i < pattern.length; i++) {
    // Numerical Recipes' linear congruential generator; its high bits are the random ones.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = state >>> 24;
    pattern[i] = i % 4 < 3 || hasAlpha ? value : 255;
  }
  return pattern;
}
