/** What simple statistics tell of a picture: that there is little in it to see, or that it is a page of text. */

export interface Picture {
  width: number;
  height: number;
  /** RGBA, as `ImageData` has them. */
  data: Uint8ClampedArray;
}

export type PoorImage = 'tiny' | 'uniform' | 'text';

/** A side of fewer pixels shows no structure that an encoder's patch of 14 pixels could tell from another. */
const smallestSide = 48;
/** Standard deviation of the brightness, of 255, below which nothing stands out. */
const leastSpread = 4;
/** Share of a page that is paper, at least. */
const leastPaper = 0.72;
/** Lines of text, at least, none of them higher than this share of the page. */
const fewestLines = 6;
const highestLine = 0.06;

/** @param size of the image itself; `picture` is it, made smaller */
export function poorImage(size: { width: number; height: number }, picture: Picture): PoorImage | null {
  if (Math.min(size.width, size.height) < smallestSide) return 'tiny';
  const grey = brightness(picture);
  if (spreadOf(grey) < leastSpread) return 'uniform';
  return isPage(picture, grey) ? 'text' : null;
}

/** [width x height], 0 to 255. */
function brightness({ data, width, height }: Picture): Float32Array {
  const grey = new Float32Array(width * height);
  for (let at = 0; at < grey.length; at++) {
    grey[at] = 0.299 * data[4 * at]! + 0.587 * data[4 * at + 1]! + 0.114 * data[4 * at + 2]!;
  }
  return grey;
}

function spreadOf(grey: Float32Array): number {
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  return Math.sqrt(grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length);
}

/** Much light paper, and many low bands of ink with empty rows between: an electrocardiogram has few and high ones. */
function isPage({ width, height }: Picture, grey: Float32Array): boolean {
  const isPaper = (value: number) => value >= 225;
  let paper = 0;
  for (const value of grey) if (isPaper(value)) paper++;
  if (paper < leastPaper * grey.length) return false;
  const lines: number[] = [];
  let band = 0;
  for (let y = 0; y <= height; y++) {
    let ink = 0;
    if (y < height) for (let x = 0; x < width; x++) if (!isPaper(grey[y * width + x]!)) ink++;
    if (ink > 0) band++;
    else if (band > 0) {
      lines.push(band);
      band = 0;
    }
  }
  return lines.length >= fewestLines && lines.every(rows => rows <= highestLine * height + 1);
}
