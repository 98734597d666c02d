import type { ImageWindow } from '../../engine/types/presentation.ts';
import type { DecodedFile } from '../decode.ts';
import type { RgbImage } from '../rgb-image.ts';
import { frameValuesOf, type GreyValues, greyThrough, type PlainWindow, windowsOf } from './grey-values.ts';
import { greyImage, type ImageFrame, invert, type OpenedImage } from './opened-image.ts';

/** A picture of 8 bits. One that is grey throughout can be seen through a window: without one it is shown as it is. */
export function plainImage({ image, format, isAnimated, stretchedBits, bytes }: DecodedFile): OpenedImage {
  const { width, height } = image;
  return {
    bytes,
    format,
    size: { width, height },
    frames: 1,
    isAnimated,
    ...(stretchedBits === undefined ? {} : { stretchedBits }),
    dicom: null,
    decodeFrame: async () => plainFrame(image),
  };
}

function plainFrame(image: RgbImage): ImageFrame {
  // Looked for when a window, or what it is chosen by, is asked for.
  let found: { grey: GreyValues | undefined } | undefined;
  const findGrey = () => {
    found ??= { grey: greyOf(image) };
    return found.grey;
  };
  const asItIs = () => ({ ...image, data: image.data.slice() });
  return {
    bytes: image.data.byteLength,
    get windows() {
      const grey = findGrey();
      return grey ? windowsOf(grey) : [];
    },
    warnings: [],
    render: (window, isInverted) => {
      const grey = window ? findGrey() : undefined;
      if (grey && window) return greyImage(image, greyThrough(grey, noTable(window), isInverted));
      return isInverted ? invert(asItIs()) : asItIs();
    },
    values: () => {
      const grey = findGrey();
      return grey ? frameValuesOf(grey) : null;
    },
  };
}

/** Undefined of a colour image. */
function greyOf({ width, height, data }: RgbImage): GreyValues | undefined {
  const values = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < values.length; i++, at += 3) {
    const value = data[at]!;
    if (data[at + 1] !== value || data[at + 2] !== value) return undefined;
    values[i] = value;
  }
  return { width, height, values, bits: 8 };
}

/** Tables, and Hounsfield units, are in DICOM files alone. */
export function noTable(window: ImageWindow): PlainWindow {
  if (window.kind === 'lut' || window.kind === 'ct-colours') throw new RangeError('no such window');
  return window;
}
