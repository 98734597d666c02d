import { type BmpLayout, readBmpLayout } from './bmp-header.ts';

/** A BMP file's pixels as straight RGBA, rows from the top: [height, width, 4]. */
export function decodeBmp(file: Uint8Array): Uint8Array {
  const layout = readBmpLayout(file);
  const { width, height, bitsPerPixel } = layout;
  const rgba = new Uint8Array(width * height * 4);
  const readRow = bitsPerPixel <= 8 ? paletteRows(file, layout) : maskRows(file, layout);
  for (let y = 0; y < height; y++) {
    const row = layout.pixelsAt + (layout.isTopDown ? y : height - 1 - y) * layout.rowBytes;
    readRow(row, rgba.subarray(y * width * 4, (y + 1) * width * 4));
  }
  if (layout.masks[3] !== 0) makeOpaqueIfInvisible(rgba);
  return rgba;
}

/** Writes the row of pixels that begins at byte `at` of the file, as RGBA. */
type RowReader = (at: number, rgba: Uint8Array) => void;

function paletteRows(file: Uint8Array, { width, bitsPerPixel, palette }: BmpLayout): RowReader {
  const perByte = 8 / bitsPerPixel;
  const indexMask = 2 ** bitsPerPixel - 1;
  return (at, rgba) => {
    for (let x = 0; x < width; x++) {
      const shift = 8 - bitsPerPixel * ((x % perByte) + 1);
      const index = (file[at + Math.floor(x / perByte)]! >> shift) & indexMask;
      const isInPalette = index < palette.colours;
      const entry = palette.at + index * palette.entryBytes;
      // Stored blue first. An index beyond the palette shows as black.
      rgba[x * 4] = isInPalette ? file[entry + 2]! : 0;
      rgba[x * 4 + 1] = isInPalette ? file[entry + 1]! : 0;
      rgba[x * 4 + 2] = isInPalette ? file[entry]! : 0;
      rgba[x * 4 + 3] = 255;
    }
  };
}

function maskRows(file: Uint8Array, { width, bitsPerPixel, masks }: BmpLayout): RowReader {
  const pixelBytes = bitsPerPixel / 8;
  const channels = masks.map(makeChannelReader);
  return (at, rgba) => {
    for (let x = 0; x < width; x++) {
      let pixel = 0;
      for (let i = pixelBytes - 1; i >= 0; i--) pixel = (pixel << 8) | file[at + x * pixelBytes + i]!;
      for (let channel = 0; channel < 4; channel++) {
        rgba[x * 4 + channel] = masks[channel] === 0 && channel === 3 ? 255 : channels[channel]!(pixel);
      }
    }
  };
}

/** Takes the mask's bits out of a pixel and scales them to 0..255, rounded to the nearest. */
function makeChannelReader(mask: number): (pixel: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return pixel => Math.round((((pixel & mask) >>> shift) / most) * 255);
}

/** Programs that fill the alpha bytes with zeros mean an opaque image. */
function makeOpaqueIfInvisible(rgba: Uint8Array): void {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 0) return;
  for (let i = 3; i < rgba.length; i += 4) rgba[i] = 255;
}
