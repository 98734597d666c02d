import { damaged } from '../codec.ts';
import type { Area, CodingStyle, SizeSegment } from './code-stream.ts';
import { TagTree } from './tag-tree.ts';

/** A part of a code-block's passes that is decoded by itself. */
export interface PassSegment {
  passes: number;
  most: number;
  data: Uint8Array[];
}

export interface CodeBlock {
  /** In the subband. */
  x: number;
  y: number;
  width: number;
  height: number;
  isIncluded: boolean;
  zeroPlanes: number;
  lengthBits: number;
  segments: PassSegment[];
}

/** The code-blocks of a subband that lie in a precinct. */
export interface PrecinctBand {
  across: number;
  blocks: CodeBlock[];
  inclusion: TagTree;
  zeroPlanes: TagTree;
}

export interface Precinct {
  /** Where it begins on the reference grid: by that packets are put in order. */
  x: number;
  y: number;
  bands: PrecinctBand[];
  /** Of how many layers packets were read. */
  layersRead: number;
}

/** `orientation`: 0 LL, 1 HL, 2 LH, 3 HH. */
export interface Subband {
  orientation: number;
  area: Area;
}

export interface Resolution {
  area: Area;
  bands: Subband[];
  precincts: Precinct[];
}

export interface TileComponent {
  area: Area;
  resolutions: Resolution[];
}

/** More of them than any image needs that is not made to keep a decoder busy. */
const mostParts = 1_000_000;

/** Counts what is made for a stream, so that none asks for more than a limit. */
export class PartCount {
  #left = mostParts;

  take(count: number): void {
    this.#left -= count;
    if (this.#left < 0) throw damaged('too many parts');
  }
}

/** The area of a tile (ITU-T T.800, B.3). */
export function tileArea({ image, tileWidth, tileHeight, tileX0, tileY0 }: SizeSegment, index: number): Area {
  const across = Math.ceil((image.x1 - tileX0) / tileWidth);
  const down = Math.ceil((image.y1 - tileY0) / tileHeight);
  if (index >= across * down) throw damaged('tile number');
  const left = tileX0 + (index % across) * tileWidth;
  const top = tileY0 + Math.floor(index / across) * tileHeight;
  return {
    x0: Math.max(left, image.x0),
    y0: Math.max(top, image.y0),
    x1: Math.min(left + tileWidth, image.x1),
    y1: Math.min(top + tileHeight, image.y1),
  };
}

export function countTiles({ image, tileWidth, tileHeight, tileX0, tileY0 }: SizeSegment): number {
  return Math.ceil((image.x1 - tileX0) / tileWidth) * Math.ceil((image.y1 - tileY0) / tileHeight);
}

/** A component's resolutions, subbands, precincts and code-blocks (B.5 to B.7). */
export function layOutComponent(tile: Area, style: CodingStyle, count: PartCount): TileComponent {
  const resolutions = Array.from({ length: style.levels + 1 }, (_, r) =>
    layOutResolution(tile, style, r, count),
  );
  return { area: tile, resolutions };
}

function layOutResolution(tile: Area, style: CodingStyle, r: number, count: PartCount): Resolution {
  const shrunk = style.levels - r;
  const area = shrink(tile, shrunk, 0, 0);
  const orientations = r === 0 ? [0] : [1, 2, 3];
  const level = r === 0 ? style.levels : shrunk + 1;
  const bands = orientations.map(orientation => ({
    orientation,
    area: shrink(tile, level, orientation & 1, orientation >> 1),
  }));
  return { area, bands, precincts: layOutPrecincts(tile, area, bands, style, r, count) };
}

/** B.5, B-15: `right` and `low` say whether it is the high-pass half across and down. */
function shrink({ x0, y0, x1, y1 }: Area, level: number, right: number, low: number): Area {
  const scale = 2 ** level;
  const half = level > 0 ? 2 ** (level - 1) : 0;
  const place = (value: number, isHigh: number) => Math.ceil((value - half * isHigh) / scale);
  return { x0: place(x0, right), y0: place(y0, low), x1: place(x1, right), y1: place(y1, low) };
}

function layOutPrecincts(
  tile: Area,
  area: Area,
  bands: readonly Subband[],
  style: CodingStyle,
  r: number,
  count: PartCount,
): Precinct[] {
  if (area.x1 <= area.x0 || area.y1 <= area.y0) return [];
  const power = style.precincts[r]!;
  const [width, height] = [2 ** power.width, 2 ** power.height];
  const [left, top] = [Math.floor(area.x0 / width), Math.floor(area.y0 / height)];
  const across = Math.ceil(area.x1 / width) - left;
  const down = Math.ceil(area.y1 / height) - top;
  // With their trees they take as much as several code-blocks.
  count.take(across * down * 8);
  const scale = 2 ** (style.levels - r);
  // Subbands beside the lowest one are half as large as their resolution.
  const halved = r > 0 ? 1 : 0;
  const blockWidth = 2 ** Math.min(style.blockWidth, power.width - halved);
  const blockHeight = 2 ** Math.min(style.blockHeight, power.height - halved);
  const precincts: Precinct[] = [];
  for (let j = 0; j < down; j++) {
    for (let i = 0; i < across; i++) {
      const [bandWidth, bandHeight] = [width / (1 + halved), height / (1 + halved)];
      const cell = {
        x0: (left + i) * bandWidth,
        y0: (top + j) * bandHeight,
        x1: (left + i + 1) * bandWidth,
        y1: (top + j + 1) * bandHeight,
      };
      precincts.push({
        x: Math.max(tile.x0, (left + i) * width * scale),
        y: Math.max(tile.y0, (top + j) * height * scale),
        bands: bands.map(band => layOutBlocks(band, cell, blockWidth, blockHeight, count)),
        layersRead: 0,
      });
    }
  }
  return precincts;
}

function layOutBlocks(
  { area }: Subband,
  cell: Area,
  blockWidth: number,
  blockHeight: number,
  count: PartCount,
): PrecinctBand {
  const x0 = Math.max(area.x0, cell.x0);
  const y0 = Math.max(area.y0, cell.y0);
  const x1 = Math.min(area.x1, cell.x1);
  const y1 = Math.min(area.y1, cell.y1);
  const isEmpty = x1 <= x0 || y1 <= y0;
  const [left, top] = [Math.floor(x0 / blockWidth), Math.floor(y0 / blockHeight)];
  const across = isEmpty ? 0 : Math.ceil(x1 / blockWidth) - left;
  const down = isEmpty ? 0 : Math.ceil(y1 / blockHeight) - top;
  count.take(across * down);
  const blocks: CodeBlock[] = [];
  for (let j = 0; j < down; j++) {
    for (let i = 0; i < across; i++) {
      const from = { x: Math.max(x0, (left + i) * blockWidth), y: Math.max(y0, (top + j) * blockHeight) };
      blocks.push({
        x: from.x - area.x0,
        y: from.y - area.y0,
        width: Math.min(x1, (left + i + 1) * blockWidth) - from.x,
        height: Math.min(y1, (top + j + 1) * blockHeight) - from.y,
        isIncluded: false,
        zeroPlanes: 0,
        lengthBits: 3,
        segments: [],
      });
    }
  }
  return { across, blocks, inclusion: new TagTree(across, down), zeroPlanes: new TagTree(across, down) };
}
