import type { DataSet } from '../data-set/data-set.ts';
import { pixelTags, tag } from '../data-set/tags.ts';
import {
  badDimensions,
  imageTooLarge,
  unsupportedBits,
  unsupportedPhotometric,
} from '../refusals/dicom-errors.ts';
import { mostPixels } from '../refusals/limits.ts';

/** The Image Pixel module (PS3.3, C.7.6.3), held to what is read. */
export interface ImagePixel {
  rows: number;
  columns: number;
  /** As the file says. */
  frames: number;
  samples: 1 | 3;
  photometric: string;
  /** Whether samples lie in planes: of native pixels alone. */
  planarConfiguration: number;
  bitsAllocated: number;
  bitsStored: number;
  highBit: number;
  isSigned: boolean;
  /** The element that holds the pixels. */
  pixelTag: number;
}

const greys = ['MONOCHROME1', 'MONOCHROME2'];
const indexed = 'PALETTE COLOR';
const colours = ['RGB', 'YBR_FULL', 'YBR_FULL_422', 'YBR_RCT', 'YBR_ICT'];

export const isGrey = ({ photometric }: Pick<ImagePixel, 'photometric'>) => greys.includes(photometric);
export const isPalette = ({ photometric }: Pick<ImagePixel, 'photometric'>) => photometric === indexed;
export const isFloat = ({ pixelTag }: Pick<ImagePixel, 'pixelTag'>) => pixelTag !== tag.pixelData;

/** Fails with `bad-dimensions`, `too-large`, `unsupported-photometric` or `unsupported-bits`. Nothing was allocated before. */
export function readImagePixel(dataSet: DataSet): ImagePixel {
  const number = (which: number) => dataSet.number(which, 'US');
  const bitsAllocated = number(tag.bitsAllocated) ?? 0;
  const bitsStored = number(tag.bitsStored) ?? bitsAllocated;
  const image = {
    rows: number(tag.rows) ?? 0,
    columns: number(tag.columns) ?? 0,
    frames: readFrames(dataSet),
    samples: number(tag.samplesPerPixel) ?? 1,
    photometric: dataSet.text(tag.photometricInterpretation) ?? '',
    planarConfiguration: number(tag.planarConfiguration) ?? 0,
    bitsAllocated,
    bitsStored,
    highBit: number(tag.highBit) ?? bitsStored - 1,
    isSigned: number(tag.pixelRepresentation) === 1,
    pixelTag: pixelTags.find(each => dataSet.has(each)) ?? tag.pixelData,
  };
  requireSize(image);
  const allowed = image.samples === 1 ? [...greys, indexed] : image.samples === 3 ? colours : [];
  if (!allowed.includes(image.photometric)) throw unsupportedPhotometric(image.photometric, image.samples);
  const known = image as ImagePixel;
  requireBits(known);
  return known;
}

/** The digits at the beginning of Number of Frames: 1 where there are none. */
function readFrames(dataSet: DataSet): number {
  const [text = ''] = dataSet.texts(tag.numberOfFrames);
  return Math.max(1, Number(/^\s*\+?(\d+)/.exec(text)?.[1] ?? 1));
}

function requireSize({ rows, columns }: Pick<ImagePixel, 'rows' | 'columns'>): void {
  if (!(rows > 0 && columns > 0)) throw badDimensions();
  if (rows * columns > mostPixels) throw imageTooLarge({ rows, columns });
}

function requireBits(image: ImagePixel): void {
  const { bitsAllocated, bitsStored, highBit, pixelTag, samples, photometric } = image;
  const refuse = () => unsupportedBits(bitsAllocated, bitsStored);
  if (pixelTag !== tag.pixelData) {
    const bits = pixelTag === tag.floatPixelData ? 32 : 64;
    if (bitsAllocated !== bits || !isGrey(image)) throw refuse();
    return;
  }
  if (![1, 8, 16, 32].includes(bitsAllocated)) throw refuse();
  if (bitsStored < 1 || bitsStored > bitsAllocated) throw refuse();
  if (highBit >= bitsAllocated || highBit < bitsStored - 1) throw refuse();
  // A bit is grey or an index; colours have at least a byte, and what is half as dense in colour as in brightness has one.
  if (samples === 3 && (bitsAllocated === 1 || bitsAllocated === 32)) throw refuse();
  if (photometric === 'YBR_FULL_422' && bitsAllocated !== 8) throw refuse();
}
