import { damaged, unsupported } from '../codec.ts';

export interface LsFrame {
  precision: number;
  columns: number;
  rows: number;
  /** Identifiers of the components. */
  components: number[];
}

/** Thresholds and reset of LSE (ITU-T T.87, C.2.4.1.1); 0: the default. */
export interface LsPreset {
  greatest: number;
  thresholds: [number, number, number];
  reset: number;
}

/** How the samples of several components follow one another (T.87, C.2.3, ILV). */
export type Interleave = 'none' | 'line' | 'sample';

export interface LsScan {
  /** Places of the components in the frame. */
  components: number[];
  near: number;
  interleave: Interleave;
  start: number;
}

export interface LsHandler {
  frame(frame: LsFrame): void;
  /** Decodes a scan, and returns where its data end. */
  scan(frame: LsFrame, scan: LsScan, preset: LsPreset): number;
}

const interleaves: readonly Interleave[] = ['none', 'line', 'sample'];

/** Walks the markers of a JPEG-LS stream to its end (T.87, annex C). */
export function readLsStream(bytes: Uint8Array, handler: LsHandler): void {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw damaged('no JPEG-LS stream');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let preset: LsPreset = { greatest: 0, thresholds: [0, 0, 0], reset: 0 };
  let frame: LsFrame | undefined;
  let scans = 0;
  for (let at = 2; ; ) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 4 > bytes.length) break;
    const code = bytes[at + 1]!;
    if (code < 0x80 || code === 0xff) {
      at++;
      continue;
    }
    if (code === 0xd9) break;
    const end = at + 2 + view.getUint16(at + 2);
    if (end < at + 4 || end > bytes.length) throw damaged('segment ends early');
    const segment = bytes.subarray(at + 4, end);
    if (code === 0xf7) {
      if (frame) throw damaged('two frames');
      frame = readFrame(segment);
      handler.frame(frame);
    } else if (code === 0xf8) preset = readPreset(segment, preset);
    else if (code === 0xdd) throw unsupported('JPEG-LS with restarts');
    else if (code === 0xe8 && String.fromCharCode(...segment.subarray(0, 4)) === 'mrfx' && segment[4] !== 0)
      throw unsupported('JPEG-LS with a colour transform');
    else if (code >= 0xc0 && code <= 0xcf && code !== 0xc4) throw unsupported('another kind of JPEG');
    at = end;
    if (code !== 0xda) continue;
    if (!frame) throw damaged('scan without frame');
    if (++scans > frame.components.length) throw damaged('too many scans');
    at = handler.scan(frame, readScan(segment, frame, end), preset);
  }
  if (scans === 0) throw damaged('no scan');
}

function readFrame(segment: Uint8Array): LsFrame {
  const count = segment[5] ?? 0;
  if (count < 1 || segment.length < 6 + 3 * count) throw damaged('frame header');
  const precision = segment[0]!;
  if (precision < 2 || precision > 16) throw damaged('precision');
  for (let i = 0; i < count; i++) {
    if (segment[7 + 3 * i] !== 0x11) throw unsupported('JPEG-LS with fewer samples of some colours');
  }
  return {
    precision,
    rows: (segment[1]! << 8) | segment[2]!,
    columns: (segment[3]! << 8) | segment[4]!,
    components: Array.from({ length: count }, (_, i) => segment[6 + 3 * i]!),
  };
}

function readPreset(segment: Uint8Array, before: LsPreset): LsPreset {
  if (segment[0] !== 1) throw unsupported('JPEG-LS with tables');
  if (segment.length < 11) throw damaged('presets');
  const word = (i: number) => (segment[1 + 2 * i]! << 8) | segment[2 + 2 * i]!;
  return { ...before, greatest: word(0), thresholds: [word(1), word(2), word(3)], reset: word(4) };
}

function readScan(segment: Uint8Array, frame: LsFrame, start: number): LsScan {
  const count = segment[0] ?? 0;
  if (count < 1 || segment.length < 4 + 2 * count) throw damaged('scan header');
  const components = Array.from({ length: count }, (_, i) => frame.components.indexOf(segment[1 + 2 * i]!));
  const [near, ilv] = segment.subarray(1 + 2 * count);
  const interleave = interleaves[ilv!];
  if (components.includes(-1) || new Set(components).size < count || !interleave)
    throw damaged('scan header');
  if ((interleave === 'none' && count > 1) || (interleave !== 'none' && count !== frame.components.length))
    throw damaged('scan header');
  return { components, near: near!, interleave: count === 1 ? 'none' : interleave, start };
}
