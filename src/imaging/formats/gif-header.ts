import { sentence } from '../../engine/sentence.ts';
import { BoundedBytes } from './bounded-bytes.ts';
import { checkImageSize, damagedImage } from './image-errors.ts';
import type { ImageHeader } from './image-header.ts';

/** A table of RGB colours in the file. */
export interface GifPalette {
  at: number;
  colours: number;
}

/** The first frame: its rectangle on the screen in pixels, and where its parts are in the file. */
export interface GifFrame {
  left: number;
  top: number;
  width: number;
  height: number;
  isInterlaced: boolean;
  palette: GifPalette;
  /** The palette index that shows nothing. */
  transparent: number | undefined;
  /** The byte with the first code's size; the coded data follows it. */
  dataAt: number;
}

export interface GifLayout {
  /** The screen, grown where the first frame does not fit it, as browsers do. */
  width: number;
  height: number;
  first: GifFrame;
  frames: number;
}

/** Walks every block up to the trailer (GIF89a). What follows it is not looked at. */
export function readGifLayout(file: Uint8Array): GifLayout {
  const bytes = new BoundedBytes(file, 'gif');
  const screen = { width: bytes.u16(6, true), height: bytes.u16(8, true) };
  checkImageSize('gif', screen.width, screen.height);
  const shared = readPalette(bytes.u8(10), 13);
  let at = 13 + (shared?.colours ?? 0) * 3;
  let transparent: number | undefined;
  let first: GifFrame | undefined;
  let frames = 0;
  for (;;) {
    const block = bytes.u8(at);
    if (block === 0x3b) break;
    if (block === 0x21) {
      // A graphic control extension speaks of the frame that follows it.
      if (bytes.u8(at + 1) === 0xf9 && frames === 0) {
        transparent = bytes.u8(at + 3) & 1 ? bytes.u8(at + 6) : undefined;
      }
      at = skipSubBlocks(bytes, at + 2);
    } else if (block === 0x2c) {
      const flags = bytes.u8(at + 9);
      const own = readPalette(flags, at + 10);
      const dataAt = at + 10 + (own?.colours ?? 0) * 3;
      if (frames === 0) {
        const palette = own ?? shared;
        if (!palette)
          throw damagedImage('gif', sentence`palette-is-missing: its table of colours is missing`);
        bytes.require(palette.at, palette.colours * 3);
        first = {
          left: bytes.u16(at + 1, true),
          top: bytes.u16(at + 3, true),
          width: bytes.u16(at + 5, true),
          height: bytes.u16(at + 7, true),
          isInterlaced: (flags & 0x40) !== 0,
          palette,
          transparent,
          dataAt,
        };
      }
      frames++;
      at = skipSubBlocks(bytes, dataAt + 1);
    } else {
      throw damagedImage('gif', sentence`part-makes-no-sense: a part of it makes no sense`);
    }
  }
  if (!first || first.width === 0 || first.height === 0)
    throw damagedImage('gif', sentence`has-no-pixels: it has no pixels`);
  const width = Math.max(screen.width, first.left + first.width);
  const height = Math.max(screen.height, first.top + first.height);
  checkImageSize('gif', width, height);
  return { width, height, first, frames };
}

export function readGifHeader(file: Uint8Array): ImageHeader {
  const { width, height, first, frames } = readGifLayout(file);
  const coversScreen = first.width === width && first.height === height;
  return {
    format: 'gif',
    width,
    height,
    orientation: 1,
    isAnimated: frames > 1,
    hasAlpha: first.transparent !== undefined || !coversScreen,
    bitDepth: 8,
  };
}

function readPalette(flags: number, at: number): GifPalette | undefined {
  return flags & 0x80 ? { at, colours: 2 << (flags & 7) } : undefined;
}

/** Past a run of blocks that each begin with their length, and the empty one that ends it. */
function skipSubBlocks(bytes: BoundedBytes, from: number): number {
  let at = from;
  for (let length = bytes.u8(at); length > 0; length = bytes.u8(at)) at += 1 + length;
  return at + 1;
}
