import type { Orientation } from './formats/exif-orientation.ts';
import type { ImageFormat } from './formats/image-errors.ts';
import type { RgbImage } from './rgb-image.ts';

/** An image file's pixels: upright, 8 bits a colour as stored (no colour management), on white where transparent. */
export interface DecodedImage {
  image: RgbImage;
  format: ImageFormat;
  /** Only the first frame of an animation is decoded. */
  isAnimated: boolean;
  /** Where the values of a 16-bit file were too low to be seen and were stretched: how many bits they had. */
  stretchedBits?: number;
}

/** With the bytes that were decoded: of the file, which is read once because it may change at any time, or of its stretched copy. */
export interface DecodedFile extends DecodedImage {
  bytes: Uint8Array<ArrayBuffer>;
}

/** The image as it is meant to be seen, from the way a camera stored it (EXIF 2.3, section 4.6.4, Orientation). */
export function orient(image: RgbImage, orientation: Orientation): RgbImage {
  if (orientation === 1) return image;
  const { width, height, data } = image;
  const isTransposed = orientation >= 5;
  const upright = {
    width: isTransposed ? height : width,
    height: isTransposed ? width : height,
    data: new Uint8Array(data.length),
  };
  // Where the upright image's first pixel is stored, and how far from it the ones right of it and below it are, in bytes.
  const right = 3;
  const down = width * 3;
  const lastColumn = (width - 1) * right;
  const lastRow = (height - 1) * down;
  const steps: Record<Orientation, [first: number, across: number, below: number]> = {
    1: [0, right, down],
    2: [lastColumn, -right, down],
    3: [lastColumn + lastRow, -right, -down],
    4: [lastRow, right, -down],
    5: [0, down, right],
    6: [lastRow, -down, right],
    7: [lastColumn + lastRow, -down, -right],
    8: [lastColumn, down, -right],
  };
  const [first, across, below] = steps[orientation];
  let to = 0;
  for (let y = 0; y < upright.height; y++) {
    let from = first + y * below;
    for (let x = 0; x < upright.width; x++) {
      upright.data[to++] = data[from]!;
      upright.data[to++] = data[from + 1]!;
      upright.data[to++] = data[from + 2]!;
      from += across;
    }
  }
  return upright;
}

/** Straight (not premultiplied) RGBA on a white ground: c * a + 255 * (1 - a), rounded to the nearest. */
export function flattenOnWhite(
  rgba: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
): RgbImage {
  const image = { width, height, data: new Uint8Array(width * height * 3) };
  copyOnWhite(rgba, { left: 0, top: 0, width, height }, image);
  return image;
}

/** A rectangle of an image, in pixels. */
export interface Block {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** As `flattenOnWhite`, of a block's pixels (its rows without gaps) into their place in `image`. */
export function copyOnWhite(rgba: Uint8Array | Uint8ClampedArray, block: Block, image: RgbImage): void {
  const { data } = image;
  let from = 0;
  for (let y = 0; y < block.height; y++) {
    let to = ((block.top + y) * image.width + block.left) * 3;
    for (let x = 0; x < block.width; x++) {
      const alpha = rgba[from + 3]!;
      const white = 255 * (255 - alpha) + 127;
      // 255 divides no half evenly, so adding 127 before the division rounds to the nearest.
      data[to] = ((rgba[from]! * alpha + white) / 255) | 0;
      data[to + 1] = ((rgba[from + 1]! * alpha + white) / 255) | 0;
      data[to + 2] = ((rgba[from + 2]! * alpha + white) / 255) | 0;
      from += 4;
      to += 3;
    }
  }
}
