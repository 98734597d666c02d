import type { DataSet } from '../data-set/data-set.ts';
import { tag } from '../data-set/tags.ts';
import { readDescriptor, readEntries } from '../header/lookup-table.ts';
import type { StoredValues } from '../pixels/stored-values.ts';
import { missingPalette } from '../refusals/dicom-errors.ts';
import { expandSegments } from './segmented-palette.ts';

export interface Palette {
  channels: { first: number; bytes: Uint8Array }[];
  /** Entries said to have 16 bits have 8. */
  isShallow: boolean;
}

/** The three colour tables (PS3.3, C.7.6.3.1.5 and 6, C.7.9). Fails with `missing-palette`. */
export function readPalette(dataSet: DataSet, isSigned: boolean): Palette {
  const tables = [0, 1, 2].map(channel => {
    const descriptor = readDescriptor(dataSet, tag.redPaletteDescriptor + channel, isSigned);
    if (!descriptor) throw missingPalette();
    const entries =
      readEntries(dataSet, tag.redPaletteData + channel, descriptor) ??
      expandSegments(dataSet, tag.segmentedRedPaletteData + channel, descriptor);
    if (!entries || entries.length === 0) throw missingPalette();
    return { ...descriptor, entries };
  });
  const isShallow = tables.every(({ bits, entries }) => bits === 16 && entries.every(entry => entry < 256));
  return {
    channels: tables.map(({ first, bits, entries }) => ({
      first,
      bytes: Uint8Array.from(entries, entry => (isShallow || bits <= 8 ? entry : entry >> (bits - 8))),
    })),
    isShallow,
  };
}

/** Before the first entry and behind the last these hold. */
export function rgbOfPalette(stored: StoredValues, { channels }: Palette): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(stored.length * 3);
  for (const [channel, { first, bytes }] of channels.entries()) {
    const last = bytes.length - 1;
    for (let i = 0; i < stored.length; i++) {
      const index = stored[i]! - first;
      rgb[i * 3 + channel] = bytes[index < 0 ? 0 : index > last ? last : index]!;
    }
  }
  return rgb;
}
