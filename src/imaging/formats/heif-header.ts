import { sentence } from '../../engine/sentence.ts';
import { BoundedBytes } from './bounded-bytes.ts';
import { checkImageSize, damagedImage } from './image-errors.ts';
import type { ImageHeader } from './image-header.ts';

/** The image file format of MPEG (ISO/IEC 23008-12), around HEVC or AV1. */
export type HeifFormat = 'heic' | 'avif';

const brands: Readonly<Record<string, HeifFormat>> = {
  heic: 'heic',
  heix: 'heic',
  heim: 'heic',
  heis: 'heic',
  hevc: 'heic',
  hevx: 'heic',
  mif1: 'heic',
  msf1: 'heic',
  avif: 'avif',
  avis: 'avif',
};
const animatedBrands = ['hevc', 'hevx', 'msf1', 'avis'];
/** Boxes that belong to the picture: size, turn, depth, and what a further picture beside it is for. */
const alphaUrn = /auxid:1\0|:alpha\0/;
const mostBoxes = 10_000;

/** By the beginning of a file; undefined of others. */
export function recogniseHeif(head: Uint8Array): HeifFormat | undefined {
  const text = String.fromCharCode(...head.subarray(4, 12));
  const brand = text.startsWith('ftyp') ? text.slice(4) : '';
  return Object.hasOwn(brands, brand) ? brands[brand] : undefined;
}

interface Box {
  type: string;
  start: number;
  end: number;
}

/** The size of the primary picture, upright: decoders heed how it is turned. Fails with `damaged-image`, or by its size. */
export function readHeifHeader(file: Uint8Array): ImageHeader {
  const format = recogniseHeif(file) ?? 'heic';
  const bytes = new BoundedBytes(file, format);
  const missing = () => damagedImage(format, sentence`header-is-missing: its header is missing`);
  const meta = boxesIn(bytes, 0, file.length).find(({ type }) => type === 'meta');
  if (!meta) throw missing();
  const inMeta = boxesIn(bytes, meta.start + 4, meta.end);
  const iprp = inMeta.find(({ type }) => type === 'iprp');
  const inIprp = iprp ? boxesIn(bytes, iprp.start, iprp.end) : [];
  const ipco = inIprp.find(({ type }) => type === 'ipco');
  const pitm = inMeta.find(({ type }) => type === 'pitm');
  if (!ipco || !pitm) throw missing();
  const properties = boxesIn(bytes, ipco.start, ipco.end);
  const primary = bytes.u8(pitm.start) === 0 ? bytes.u16(pitm.start + 4) : bytes.u32(pitm.start + 4);
  const own = inIprp
    .filter(({ type }) => type === 'ipma')
    .flatMap(box => associatedWith(bytes, box, primary))
    .flatMap(index => properties[index - 1] ?? []);
  const size = own.find(({ type }) => type === 'ispe');
  if (!size) throw missing();
  const turn = own.find(({ type }) => type === 'irot');
  const isSideways = turn !== undefined && (bytes.u8(turn.start) & 1) === 1;
  const cut = own.find(({ type }) => type === 'clap');
  // Coded in whole blocks, of which the edge is cut off: fractions of width and height.
  const stored = cut
    ? { width: fraction(bytes, cut.start), height: fraction(bytes, cut.start + 8) }
    : { width: bytes.u32(size.start + 4), height: bytes.u32(size.start + 8) };
  const [width, height] = isSideways ? [stored.height, stored.width] : [stored.width, stored.height];
  checkImageSize(format, width, height);
  const depth = own.find(({ type }) => type === 'pixi');
  return {
    format,
    width,
    height,
    orientation: 1,
    isAnimated: animatedBrands.includes(bytes.text(8, 4)),
    hasAlpha: properties.some(({ type, start, end }) =>
      type === 'auxC' ? alphaUrn.test(bytes.text(start, Math.min(end - start, 128))) : false,
    ),
    bitDepth: depth && bytes.u8(depth.start + 4) > 0 ? bytes.u8(depth.start + 5) : 8,
  };
}

function fraction(bytes: BoundedBytes, at: number): number {
  return Math.floor(bytes.u32(at) / Math.max(1, bytes.u32(at + 4)));
}

/** Boxes beside one another (ISO/IEC 14496-12, 4.2), without what is in them. The data at the end may be cut: decoders see to that. */
function boxesIn(bytes: BoundedBytes, from: number, end: number): Box[] {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= end && boxes.length < mostBoxes; ) {
    const size = bytes.u32(at);
    const type = bytes.text(at + 4, 4);
    // 1: eight bytes follow, of which only the lower four matter here; 0: up to the end.
    const length = size === 1 ? bytes.u32(at + 12) : size === 0 ? end - at : size;
    const start = at + (size === 1 ? 16 : 8);
    if (at + length < start) break;
    boxes.push({ type, start, end: Math.min(at + length, end) });
    at += length;
  }
  return boxes;
}

/** The numbers of an item's properties, from 1 (23008-12, 9.3.1). */
function associatedWith(bytes: BoundedBytes, box: Box, item: number): number[] {
  const version = bytes.u8(box.start);
  const isWide = (bytes.u8(box.start + 3) & 1) === 1;
  const entries = bytes.u32(box.start + 4);
  let at = box.start + 8;
  for (let i = 0; i < entries && at < box.end; i++) {
    const id = version < 1 ? bytes.u16(at) : bytes.u32(at);
    at += version < 1 ? 2 : 4;
    const count = bytes.u8(at++);
    // The highest bit says whether a property must be known.
    const indices = Array.from({ length: count }, (_, k) =>
      isWide ? bytes.u16(at + 2 * k) & 0x7fff : bytes.u8(at + k) & 0x7f,
    );
    if (id === item) return indices;
    at += count * (isWide ? 2 : 1);
  }
  return [];
}
