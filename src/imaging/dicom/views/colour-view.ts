import type { StoredValues } from '../pixels/stored-values.ts';

/** RGB of more than 8 bits: the high ones. Of fewer: as bright. */
export function rgbOf(stored: StoredValues, bitsStored: number): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(stored.length);
  const shift = bitsStored - 8;
  if (shift >= 0) for (let i = 0; i < stored.length; i++) rgb[i] = stored[i]! >> shift;
  else for (let i = 0; i < stored.length; i++) rgb[i] = stored[i]! << -shift;
  return rgb;
}

/** YBR_FULL to RGB (PS3.3, C.7.6.3.1.2), of the high 8 bits. */
export function rgbOfYbr(stored: StoredValues, bitsStored: number): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8ClampedArray(rgbOf(stored, bitsStored).buffer);
  for (let i = 0; i < rgb.length; i += 3) {
    const y = rgb[i]!;
    const cb = rgb[i + 1]! - 128;
    const cr = rgb[i + 2]! - 128;
    rgb[i] = Math.floor(y + 1.402 * cr + 0.5);
    rgb[i + 1] = Math.floor(y - 0.344136 * cb - 0.714136 * cr + 0.5);
    rgb[i + 2] = Math.floor(y + 1.772 * cb + 0.5);
  }
  return new Uint8Array(rgb.buffer);
}
