import type { DeepValues } from '../formats/deep-values.ts';
import { frameValuesOf, greyThrough, windowsOf } from './grey-values.ts';
import { greyImage, invert, type OpenedImage } from './opened-image.ts';
import { noTable } from './plain-image.ts';

/** A grey PNG or TIFF of 16 bits. Without a window it is shown by the upper 8 bits of those that its values have. */
export function deepImage(
  deep: DeepValues,
  bytes: Uint8Array<ArrayBuffer>,
  format: 'png' | 'tiff',
  isAnimated: boolean,
): OpenedImage {
  const { width, height, values, bits } = deep;
  const plain = () =>
    greyImage(
      deep,
      Uint8Array.from(values, value => value >> (bits - 8)),
    );
  return {
    bytes,
    format,
    size: { width, height },
    frames: 1,
    isAnimated,
    ...(bits < 16 ? { stretchedBits: bits } : {}),
    dicom: null,
    decodeFrame: async () => ({
      bytes: values.byteLength,
      windows: windowsOf(deep),
      warnings: [],
      render: (window, isInverted) => {
        if (window) return greyImage(deep, greyThrough(deep, noTable(window), isInverted));
        return isInverted ? invert(plain()) : plain();
      },
      values: () => frameValuesOf(deep),
    }),
  };
}
