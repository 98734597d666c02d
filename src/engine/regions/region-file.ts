import { BedsideError } from '../errors.ts';
import { type Sentence, sentence } from '../sentence.ts';
import type { Size } from '../types/image-views.ts';
import { type Extent, type Region, readRegions } from '../types/region.ts';
import { boundsOf } from './bounds.ts';

const format = 'bedside-regions';
const version = 1;
const longestSide = 1_000_000;

/** The marks of one image, as they are exported: docs/regions.schema.json. */
export interface RegionFile {
  image: Size & {
    /** Hex, of the file's bytes: no name goes with it. */
    sha256: string;
  };
  regions: Region[];
}

export function writeRegionFile({ image: { sha256, width, height }, regions }: RegionFile): string {
  return `${JSON.stringify({ format, version, image: { sha256, width, height }, regions }, undefined, 2)}\n`;
}

/** @throws `invalid-request` where the text is no such file, or a mark of it lies outside of its image */
export function readRegionFile(text: string): RegionFile {
  const value = parse(text);
  if (!isObject(value) || value.format !== format) {
    throw unreadable(sentence`no-region-file: It is no file of regions.`);
  }
  if (value.version !== version) {
    throw unreadable(
      sentence`region-file-of-other-version: It is of version ${{ version: String(value.version) }}; version 1 can be read.`,
    );
  }
  const image = readImage(value.image);
  if (!image) throw unreadable(sentence`region-file-without-image: It does not say which image it is of.`);
  const regions = readRegions(value.regions);
  if (!regions) throw unreadable(sentence`region-file-damaged: Its regions are damaged or incomplete.`);
  const outside = regions.find(region => !isInside(extentOf(region), image));
  if (outside) {
    throw unreadable(
      sentence`region-outside: Region ${{ region: outside.number }} lies outside of its image.`,
    );
  }
  return { image, regions };
}

/** Of an arrow, both ends. */
function extentOf({ shape }: Region): Extent {
  return boundsOf(shape.kind === 'arrow' ? { kind: 'freehand', points: [shape.from, shape.to] } : shape);
}

const isInside = ({ x, y, width, height }: Extent, image: Size) =>
  x + width <= image.width && y + height <= image.height;

function readImage(value: unknown): RegionFile['image'] | undefined {
  if (!isObject(value)) return undefined;
  const { sha256, width, height } = value;
  const isWhole =
    typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) && isSide(width) && isSide(height);
  return isWhole ? { sha256, width, height } : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(sentence`region-file-no-json: It is not JSON.`, error);
  }
}

function unreadable(why: Sentence, cause?: unknown): BedsideError {
  return new BedsideError(
    'invalid-request',
    sentence`region-file-unreadable: These regions cannot be read. ${{ why }}`,
    'Choose a file that Bedside exported, or one that follows docs/regions.schema.json.',
    cause,
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isSide = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= longestSide;
