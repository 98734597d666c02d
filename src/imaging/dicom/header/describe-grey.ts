import type { DicomMeta, OfferedWindow, Rescale } from '../../../engine/types/dicom.ts';
import type { DataSet } from '../data-set/data-set.ts';
import { tag } from '../data-set/tags.ts';
import { type ImagePixel, isFloat, isGrey } from '../pixels/image-pixel.ts';
import type { FunctionalGroups } from './functional-groups.ts';
import { readRescale, readWindows } from './grey-scale.ts';
import { type LookupTable, readLookupTables } from './lookup-table.ts';

/** How a file's values become grey; of the first frame where frames differ. Colours have a rescale at most, which is not used. */
export interface GreyHeader {
  modalityLut: LookupTable | undefined;
  voiLuts: LookupTable[];
  rescale: Rescale | null;
  hasInvalidRescale: boolean;
  windows: OfferedWindow[];
}

export function readGreyHeader(
  dataSet: DataSet,
  groups: FunctionalGroups,
  image: ImagePixel,
  characterSets: readonly string[],
): GreyHeader {
  const { rescale, isInvalid: hasInvalidRescale } = readRescale(groups, 0);
  if (!isGrey(image)) return { modalityLut: undefined, voiLuts: [], rescale, hasInvalidRescale, windows: [] };
  const tables = (sequence: number) => readLookupTables(dataSet, sequence, image.isSigned, characterSets);
  const [modalityLut] = tables(tag.modalityLutSequence);
  const { windows } = readWindows(groups, 0, characterSets);
  return { modalityLut, voiLuts: tables(tag.voiLutSequence), rescale, hasInvalidRescale, windows };
}

type GreyMeta = Pick<DicomMeta, 'windows' | 'voiLuts' | 'rescale' | 'modalityLut' | 'padding' | 'huPresets'>;

/** `isCt`: whether values are those of CT, so that they are Hounsfield units where nothing else is said. */
export function describeGrey(
  { windows, voiLuts, rescale, modalityLut }: GreyHeader,
  dataSet: DataSet,
  image: ImagePixel,
  isCt: boolean,
): GreyMeta {
  return {
    windows,
    voiLuts: voiLuts.map(({ entries, ...table }) => ({ entries: entries.length, ...table })),
    rescale,
    modalityLut: modalityLut !== undefined,
    padding: isGrey(image) && !isFloat(image) ? readPadding(dataSet, image) : null,
    huPresets: isCt && rescale !== null && (rescale.type === null || rescale.type === 'HU'),
  };
}

/** Stored values (PS3.3, C.7.5.1.1.2), which some files write without the sign that their pixels have. */
function readPadding(dataSet: DataSet, { isSigned, bitsStored }: ImagePixel): DicomMeta['padding'] {
  const read = (which: number) => {
    const value = dataSet.number(which, isSigned ? 'SS' : 'US');
    if (value === undefined || !isSigned || value < 2 ** (bitsStored - 1)) return value;
    return value - 2 ** bitsStored;
  };
  const value = read(tag.pixelPaddingValue);
  return value === undefined ? null : { value, limit: read(tag.pixelPaddingRangeLimit) ?? null };
}
