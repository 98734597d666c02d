import { damaged, unsupported } from '../codec.ts';
import { HuffmanTable } from './huffman-table.ts';

/** A component of the frame header (ITU-T T.81, B.2.2). */
export interface FrameComponent {
  id: number;
  horizontal: number;
  vertical: number;
  quantisation: number;
}

export interface FrameHeader {
  process: 'sequential' | 'progressive' | 'lossless';
  /** Bits of a sample. */
  precision: number;
  columns: number;
  rows: number;
  components: FrameComponent[];
}

/** A scan header (B.2.3), with the tables as they stand where it begins. */
export interface Scan {
  components: { index: number; dc: HuffmanTable | undefined; ac: HuffmanTable | undefined }[];
  /** First and last coefficient; of lossless scans the first is the predictor. */
  spectralStart: number;
  spectralEnd: number;
  high: number;
  /** Of lossless scans the point transform. */
  low: number;
  /** Of MCUs; 0: none. */
  restartInterval: number;
  /** In zigzag order. */
  quantisations: readonly (Uint16Array | undefined)[];
  /** Where its data begin. */
  start: number;
}

export interface JpegHandler {
  /** Called before any scan: the place to refuse a size. */
  frame(header: FrameHeader): void;
  /** Decodes a scan, and returns where its data end. */
  scan(header: FrameHeader, scan: Scan): number;
}

/** What a stream says beside its pixels. */
export interface StreamMarks {
  /** It has its end marker. */
  hasEnd: boolean;
  hasJfif: boolean;
  /** Of Adobe's segment: 0 RGB, 1 YCbCr. */
  adobeTransform: number | undefined;
}

const marker = { endOfImage: 0xd9, huffman: 0xc4, quantisation: 0xdb, restart: 0xdd, scan: 0xda };
/** A progressive image has about ten. Streams made to keep a decoder busy have tens of thousands. */
const mostScans = 500;

const processes: Record<number, FrameHeader['process']> = {
  192: 'sequential',
  193: 'sequential',
  194: 'progressive',
  195: 'lossless',
};

/** Walks a stream's markers up to the end of the image, or of the bytes where that is missing (T.81, annex B). */
export function readJpegStream(bytes: Uint8Array, handler: JpegHandler): StreamMarks {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw damaged('no JPEG stream');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const marks: StreamMarks = { hasEnd: false, hasJfif: false, adobeTransform: undefined };
  const dc: HuffmanTable[] = [];
  const ac: HuffmanTable[] = [];
  const quantisations: (Uint16Array | undefined)[] = [];
  let frame: FrameHeader | undefined;
  let restartInterval = 0;
  let scans = 0;
  for (let at = 2; ; ) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) break;
    const code = bytes[at + 1]!;
    if (code === 0xff || code === 0 || code === 1 || (code >= 0xd0 && code <= 0xd8)) {
      at += code === 0xff ? 1 : 2;
      continue;
    }
    if (code === marker.endOfImage) {
      marks.hasEnd = true;
      break;
    }
    if (at + 4 > bytes.length) throw damaged('segment ends early');
    const end = at + 2 + view.getUint16(at + 2);
    const start = at + 4;
    if (end < start || end > bytes.length) throw damaged('segment ends early');
    const segment = bytes.subarray(start, end);
    if (code === marker.huffman) readHuffman(segment, dc, ac);
    else if (code === marker.quantisation) readQuantisation(segment, quantisations);
    else if (code === marker.restart && segment.length >= 2) restartInterval = view.getUint16(start);
    else if (code === 0xe0) marks.hasJfif ||= startsWith(segment, 'JFIF');
    else if (code === 0xee && startsWith(segment, 'Adobe')) marks.adobeTransform = segment[11];
    else if (processes[code]) {
      if (frame) throw damaged('two frames');
      frame = readFrame(segment, processes[code]!);
      handler.frame(frame);
    } else if (code >= 0xc5 && code <= 0xcf && code !== 0xc8 && code !== 0xcc) {
      throw unsupported(code >= 0xc9 ? 'arithmetic-coded JPEG' : 'hierarchical JPEG');
    }
    at = end;
    if (code !== marker.scan) continue;
    if (!frame) throw damaged('scan without frame');
    if (++scans > mostScans) throw damaged('too many scans');
    const scan = readScan(segment, frame, dc, ac);
    at = handler.scan(frame, { ...scan, restartInterval, quantisations: quantisations.slice(), start: end });
  }
  if (scans === 0) throw damaged('no scan');
  return marks;
}

function startsWith(segment: Uint8Array, text: string): boolean {
  return String.fromCharCode(...segment.subarray(0, text.length)) === text;
}

function readFrame(segment: Uint8Array, process: FrameHeader['process']): FrameHeader {
  const count = segment[5] ?? 0;
  if (count < 1 || count > 4 || segment.length < 6 + 3 * count) throw damaged('frame header');
  const components = Array.from({ length: count }, (_, i) => {
    const [id, sampling, quantisation] = segment.subarray(6 + 3 * i, 9 + 3 * i);
    return { id: id!, horizontal: sampling! >> 4, vertical: sampling! & 15, quantisation: quantisation! };
  });
  const isSampled = ({ horizontal, vertical }: FrameComponent) =>
    horizontal >= 1 && horizontal <= 4 && vertical >= 1 && vertical <= 4;
  if (!components.every(isSampled)) throw damaged('sampling factors');
  return {
    process,
    precision: segment[0]!,
    rows: (segment[1]! << 8) | segment[2]!,
    columns: (segment[3]! << 8) | segment[4]!,
    components,
  };
}

type ScanHeader = Omit<Scan, 'restartInterval' | 'quantisations' | 'start'>;

function readScan(
  segment: Uint8Array,
  frame: FrameHeader,
  dc: readonly HuffmanTable[],
  ac: readonly HuffmanTable[],
): ScanHeader {
  const count = segment[0] ?? 0;
  if (count < 1 || count > frame.components.length || segment.length < 4 + 2 * count)
    throw damaged('scan header');
  const components = Array.from({ length: count }, (_, i) => {
    const index = frame.components.findIndex(({ id }) => id === segment[1 + 2 * i]);
    const tables = segment[2 + 2 * i]!;
    if (index < 0) throw damaged('scan of no component');
    return { index, dc: dc[tables >> 4], ac: ac[tables & 15] };
  });
  if (new Set(components.map(({ index }) => index)).size < count) throw damaged('component twice in a scan');
  const [spectralStart, spectralEnd, approximation] = segment.subarray(1 + 2 * count);
  return {
    components,
    spectralStart: spectralStart!,
    spectralEnd: spectralEnd!,
    high: approximation! >> 4,
    low: approximation! & 15,
  };
}

function readHuffman(segment: Uint8Array, dc: HuffmanTable[], ac: HuffmanTable[]): void {
  for (let at = 0; at < segment.length; ) {
    const which = segment[at]!;
    const counts = segment.slice(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (counts.length < 16 || at + 17 + total > segment.length || (which & 15) > 3 || which >> 4 > 1)
      throw damaged('Huffman table');
    const symbols = segment.slice(at + 17, at + 17 + total);
    (which >> 4 === 0 ? dc : ac)[which & 15] = new HuffmanTable(counts, symbols);
    at += 17 + total;
  }
}

function readQuantisation(segment: Uint8Array, quantisations: (Uint16Array | undefined)[]): void {
  for (let at = 0; at < segment.length; ) {
    const which = segment[at]!;
    const isWide = which >> 4 === 1;
    const bytes = isWide ? 128 : 64;
    if (at + 1 + bytes > segment.length || (which & 15) > 3) throw damaged('quantisation table');
    const values = segment.subarray(at + 1, at + 1 + bytes);
    quantisations[which & 15] = Uint16Array.from({ length: 64 }, (_, i) =>
      isWide ? (values[2 * i]! << 8) | values[2 * i + 1]! : values[i]!,
    );
    at += 1 + bytes;
  }
}
