import { damaged, unsupported } from '../codec.ts';
import { Parameters, readSize, Segment, type SizeSegment } from './code-stream.ts';

/** A tile's coded data, with the parameters that hold in it. */
export interface CodedTile {
  index: number;
  parameters: Parameters;
  data: Uint8Array[];
}

export interface CodeStream {
  size: SizeSegment;
  tiles: CodedTile[];
}

const marker = { size: 0x51, tilePart: 0x90, data: 0x93, end: 0xd9 };

/** Walks the segments of a code stream (ITU-T T.800, annex A). `onSize` is called before anything else is read. */
export function readCodeStream(stream: Uint8Array, onSize: (size: SizeSegment) => void): CodeStream {
  const bytes = stream.subarray(findCodeStream(stream));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const main = new Parameters();
  const tiles = new Map<number, CodedTile>();
  let size: SizeSegment | undefined;
  for (let at = 2; at + 2 <= bytes.length; ) {
    const code = readMarker(bytes, at);
    if (code === marker.end) break;
    if (code === marker.tilePart) {
      if (!size) throw damaged('tile before size');
      at = readTilePart(bytes, at, main, tiles, size.components.length);
      continue;
    }
    const { body, end } = readSegment(bytes, view, at);
    if (code === marker.size) {
      size = readSize(body);
      onSize(size);
    } else readParameters(code, body, main, size);
    at = end;
  }
  if (!size || tiles.size === 0) throw damaged('no tile');
  return { size, tiles: [...tiles.values()] };
}

/** Some put the file format JP2 around it. */
function findCodeStream(stream: Uint8Array): number {
  const most = Math.min(stream.length - 4, 65_536);
  for (let at = 0; at <= most; at++) {
    const isStart =
      stream[at] === 0xff && stream[at + 1] === 0x4f && stream[at + 2] === 0xff && stream[at + 3] === 0x51;
    if (isStart) return at;
  }
  throw damaged('no JPEG 2000 code stream');
}

function readMarker(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0xff) throw damaged('no marker');
  return bytes[at + 1]!;
}

function readSegment(bytes: Uint8Array, view: DataView, at: number): { body: Segment; end: number } {
  if (at + 4 > bytes.length) throw damaged('segment ends early');
  const end = at + 2 + view.getUint16(at + 2);
  if (end < at + 4 || end > bytes.length) throw damaged('segment ends early');
  return { body: new Segment(bytes.subarray(at + 4, end)), end };
}

function readParameters(
  code: number,
  body: Segment,
  parameters: Parameters,
  size: SizeSegment | undefined,
): void {
  if (!size) throw damaged('parameters before size');
  if (code === 0x50) throw unsupported('High-Throughput JPEG 2000');
  if (code === 0x60 || code === 0x61) throw unsupported('JPEG 2000 with packed headers');
  if (code === 0x5e) throw unsupported('JPEG 2000 with a region of interest');
  parameters.read(code, body, size.components.length);
}

/** Returns the position behind it. */
function readTilePart(
  bytes: Uint8Array,
  start: number,
  main: Parameters,
  tiles: Map<number, CodedTile>,
  components: number,
): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { body, end: headerEnd } = readSegment(bytes, view, start);
  const [index, length, part] = [body.u16(), body.u32(), body.u8()];
  let tile = tiles.get(index);
  if (!tile) {
    tile = { index, parameters: new Parameters(main), data: [] };
    tiles.set(index, tile);
  }
  const end = length === 0 ? endOfLast(bytes) : start + length;
  if (end > bytes.length || end < headerEnd) throw damaged('tile ends early');
  let at = headerEnd;
  for (;;) {
    if (at + 2 > end) throw damaged('tile header');
    const code = readMarker(bytes, at);
    if (code === marker.data) break;
    const segment = readSegment(bytes, view, at);
    if (code === 0x60 || code === 0x61) throw unsupported('JPEG 2000 with packed headers');
    if (code === 0x5e) throw unsupported('JPEG 2000 with a region of interest');
    // Only its first part says how a tile is coded.
    if (part === 0 || code === 0x5f) tile.parameters.read(code, segment.body, components);
    at = segment.end;
  }
  tile.data.push(bytes.subarray(at + 2, end));
  return end;
}

/** A last tile without a length goes to the end marker. */
function endOfLast(bytes: Uint8Array): number {
  let end = bytes.length;
  // A byte of padding makes the length even.
  if (bytes[end - 1] === 0) end--;
  const hasEnd = bytes[end - 2] === 0xff && bytes[end - 1] === marker.end;
  if (!hasEnd) throw damaged('stream ends early');
  return end - 2;
}
