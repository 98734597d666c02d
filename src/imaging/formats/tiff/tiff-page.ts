import type { BedsideError } from '../../../engine/errors.ts';
import { type Sentence, sentence } from '../../../engine/sentence.ts';
import type { Orientation } from '../exif-orientation.ts';
import { checkImageSize, damagedImage, EXPORT_AS_PNG, unsupportedImage } from '../image-errors.ts';
import { readDirectories, type TiffDirectory } from './tiff-directory.ts';

const tag = {
  subfileType: 254,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  description: 270,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planarConfiguration: 284,
  predictor: 317,
  colourMap: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  extraSamples: 338,
  sampleFormat: 339,
  /** Of Hamamatsu's slides. */
  ndpi: 65_420,
};

export type TiffCompression = 'none' | 'lzw' | 'deflate' | 'packbits';
const compressions: Readonly<Record<number, TiffCompression>> = {
  1: 'none',
  5: 'lzw',
  8: 'deflate',
  32946: 'deflate',
  32773: 'packbits',
};

export type TiffColours = 'white-is-zero' | 'black-is-zero' | 'rgb' | 'palette';
const photometrics: readonly TiffColours[] = ['white-is-zero', 'black-is-zero', 'rgb', 'palette'];

/** The one page of a file: how its pixels are stored, and where. */
export interface TiffPage {
  width: number;
  height: number;
  bits: 8 | 16;
  /** Of a pixel, those beside its colours included. */
  samples: number;
  colours: TiffColours;
  /** What the sample behind the colours is. */
  alpha: 'none' | 'premultiplied' | 'straight';
  compression: TiffCompression;
  isPredicted: boolean;
  isPlanar: boolean;
  isLittle: boolean;
  orientation: Orientation;
  /** Of 16 bits: all reds, then greens, then blues. */
  colourMap: number[];
  /** Pieces: strips as wide as the image, or tiles. */
  pieces: { width: number; height: number; isTiled: boolean; at: number[]; bytes: number[] };
}

const EXPORT_PAGE =
  'Open it in the program that it came from, export the page or region that you ask about as PNG, and attach that.';
/** Shrunk copies and masks are no pages. */
const isCopy = (directory: TiffDirectory) => (directory.number(tag.subfileType, 0) & 0b101) !== 0;

/** Fails with `unsupported-image` (several pages, whole slides, kinds that are not read), `damaged-image`, or by its size. */
export function readTiffPage(file: Uint8Array): TiffPage {
  const directories = readDirectories(file);
  const [first] = directories;
  if (!first) throw damagedImage('tiff', sentence`has-no-pixels: it has no pixels`);
  const width = first.number(tag.width, 0);
  const height = first.number(tag.height, 0);
  if (first.has(tag.ndpi) || /^Aperio|<OME .*SlideScan|Trestle/.test(first.text(tag.description)))
    throw unsupportedImage(
      sentence`slide-in-tiff: a whole slide of ${{ width }} x ${{ height }} pixels`,
      EXPORT_PAGE,
    );
  const pages = directories.filter(directory => !isCopy(directory));
  if (pages.length > 1)
    throw unsupportedImage(
      sentence`pages-in-tiff: a TIFF image with ${{ pages: pages.length }} pages`,
      EXPORT_PAGE,
    );
  return readPage(pages[0] ?? first);
}

function readPage(page: TiffDirectory): TiffPage {
  const width = page.number(tag.width, 0);
  const height = page.number(tag.height, 0);
  checkImageSize('tiff', width, height);
  const samples = page.number(tag.samplesPerPixel, 1);
  const depths = page.numbers(tag.bitsPerSample, samples);
  const bits = depths[0] ?? 1;
  if ((bits !== 8 && bits !== 16) || depths.some(depth => depth !== bits))
    throw refuse(sentence`tiff-depth: of ${{ bits }} bits a value`);
  if (page.numbers(tag.sampleFormat, samples).some(format => format !== 1))
    throw refuse(sentence`tiff-of-floats: of numbers with signs or fractions`);
  const compression = compressions[page.number(tag.compression, 1)];
  if (!compression) throw refuse(sentence`tiff-compression: compressed in a way that is not read`);
  const colours = photometrics[page.number(tag.photometric, 1)];
  const own = colours === 'rgb' ? 3 : 1;
  if (!colours || samples < own || samples > own + 4)
    throw refuse(sentence`tiff-colours: in colours that are not read`);
  const colourMap = colours === 'palette' ? page.numbers(tag.colourMap) : [];
  if (colours === 'palette' && colourMap.length !== 3 * 2 ** bits)
    throw damagedImage('tiff', sentence`table-of-colours-is-missing: its table of colours is missing`);
  const extra = samples > own ? page.number(tag.extraSamples, 0) : 0;
  const orientation = page.number(tag.orientation, 1);
  return {
    width,
    height,
    bits,
    samples,
    colours,
    alpha: extra === 1 ? 'premultiplied' : extra === 2 ? 'straight' : 'none',
    compression,
    isPredicted: compression !== 'none' && page.number(tag.predictor, 1) === 2,
    isPlanar: samples > 1 && page.number(tag.planarConfiguration, 1) === 2,
    isLittle: page.isLittle,
    orientation: orientation >= 1 && orientation <= 8 ? (orientation as Orientation) : 1,
    colourMap,
    pieces: readPieces(page, width, height),
  };
}

function refuse(how: Sentence): BedsideError {
  return unsupportedImage(sentence`tiff-not-read: a TIFF image ${{ how }}`, EXPORT_AS_PNG);
}

function readPieces(page: TiffDirectory, width: number, height: number): TiffPage['pieces'] {
  const isTiled = page.has(tag.tileOffsets);
  const [at, bytes] = isTiled
    ? [page.numbers(tag.tileOffsets), page.numbers(tag.tileByteCounts)]
    : [page.numbers(tag.stripOffsets), page.numbers(tag.stripByteCounts)];
  const piece = isTiled
    ? { width: page.number(tag.tileWidth, 0), height: page.number(tag.tileHeight, 0) }
    : { width, height: Math.min(page.number(tag.rowsPerStrip, height), height) };
  const isSound = piece.width > 0 && piece.height > 0 && piece.width <= 65_535 && piece.height <= 65_535;
  if (!isSound || at.length === 0 || at.length !== bytes.length)
    throw damagedImage('tiff', sentence`header-makes-no-sense: its header makes no sense`);
  return { ...piece, isTiled, at, bytes };
}
