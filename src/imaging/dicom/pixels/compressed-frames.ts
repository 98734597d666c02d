import type { DataElement } from '../data-set/data-element.ts';
import type { DataSet } from '../data-set/data-set.ts';
import { tag } from '../data-set/tags.ts';
import { readFragments } from '../data-set/walk-elements.ts';

/** A fragment of compressed pixels: where its item begins, and its bytes. */
interface Fragment {
  /** Of the item's tag, from that of the first fragment: what offset tables count. */
  offset: number;
  bytes: Uint8Array;
  isCut: boolean;
}

export interface CompressedFrames {
  /** Each frame's fragments, as far as the file holds them whole. */
  frames: Uint8Array[][];
  /** A frame ends behind the end of the file. */
  isCut: boolean;
  /** There is an offset table, and it does not fit. */
  isTableIgnored: boolean;
}

/**
 * Puts the fragments of compressed pixels (PS3.5, A.4) together to frames: by the extended offset table, by the basic one, by
 * their number, or where a stream begins.
 */
export function readCompressedFrames(
  dataSet: DataSet,
  pixels: DataElement,
  frames: number,
  isFragmentAFrame: boolean,
): CompressedFrames {
  const { bytes } = dataSet.source;
  const ranges = [...readFragments(dataSet.source, pixels, dataSet.encoding.isLittle)];
  const [table, ...rest] = ranges;
  const first = rest[0]?.start ?? 0;
  const fragments = rest.map(({ start, end, isCut }) => ({
    offset: start - first,
    bytes: bytes.subarray(start, end),
    isCut,
  }));
  const tables = [
    readExtendedTable(dataSet),
    table ? readBasicTable(bytes.subarray(table.start, table.end)) : undefined,
  ].filter(offsets => offsets !== undefined);
  const fitting = tables.map(offsets => splitAtOffsets(fragments, offsets, frames)).find(split => split);
  const groups =
    (isFragmentAFrame ? undefined : fitting) ?? splitBySight(fragments, frames, isFragmentAFrame);
  const whole = groups.filter(group => !group.some(({ isCut }) => isCut));
  return {
    frames: whole.map(group => group.map(fragment => fragment.bytes)),
    isCut: whole.length < groups.length,
    isTableIgnored: tables.length > 0 && !fitting,
  };
}

/** Offsets in eight bytes each; those beyond 2^53 fit no file. */
function readExtendedTable(dataSet: DataSet): number[] | undefined {
  const bytes = dataSet.bytes(tag.extendedOffsetTable);
  if (!bytes || bytes.length < 8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { isLittle } = dataSet.encoding;
  return Array.from({ length: bytes.length >> 3 }, (_, i) => Number(view.getBigUint64(i * 8, isLittle)));
}

function readBasicTable(bytes: Uint8Array): number[] | undefined {
  if (bytes.length < 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 2 }, (_, i) => view.getUint32(i * 4, true));
}

/** Undefined where an offset is not that of a fragment, they do not rise from 0, or there are more than frames. */
function splitAtOffsets(fragments: Fragment[], offsets: number[], frames: number): Fragment[][] | undefined {
  if (offsets.length > frames || offsets[0] !== 0) return undefined;
  const groups: Fragment[][] = [];
  let next = 0;
  for (const fragment of fragments) {
    if (fragment.offset === offsets[next]) {
      groups.push([]);
      next++;
    }
    groups.at(-1)!.push(fragment);
  }
  return next === offsets.length && next > 0 ? groups : undefined;
}

function splitBySight(fragments: Fragment[], frames: number, isFragmentAFrame: boolean): Fragment[][] {
  if (isFragmentAFrame || fragments.length === frames) return fragments.map(fragment => [fragment]);
  if (frames === 1) return fragments.length > 0 ? [fragments] : [];
  const groups: Fragment[][] = [];
  for (const fragment of fragments) {
    if (groups.length === 0 || beginsStream(fragment.bytes)) groups.push([fragment]);
    else groups.at(-1)!.push(fragment);
  }
  return groups;
}

/** The start of a JPEG or JPEG-LS stream, a JPEG 2000 code stream, or of the file format around one. */
function beginsStream(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if (first === 0xff) return second === 0xd8 || second === 0x4f;
  return String.fromCharCode(...bytes.subarray(4, 8)) === 'jP  ';
}

/** A frame's fragments as one stream. */
export function joinFragments(fragments: readonly Uint8Array[]): Uint8Array {
  const [only, ...more] = fragments;
  if (only && more.length === 0) return only;
  const joined = new Uint8Array(fragments.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const fragment of fragments) {
    joined.set(fragment, at);
    at += fragment.length;
  }
  return joined;
}
