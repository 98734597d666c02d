import { createHash } from 'node:crypto';
import { BedsideError } from '../../engine/errors.ts';
import type { DicomMeta, NamedVoi } from '../../engine/types/dicom.ts';
import type { DicomFile, DicomFrame } from '../../imaging/dicom/dicom-file.ts';

/** What `dicom` prints of one file. Names are those by which other tools compare readers of DICOM. */
export interface DicomRecord {
  file: string;
  status: 'ok' | 'refuse';
  /** Why it is refused: the error's reason, and its sentences. */
  reason?: string;
  message?: string;
  advice?: string;
  warnings?: string[];
  patientName?: string | null;
  meta?: Record<string, unknown>;
  frames?: unknown[];
}

export function refusedRecord(file: string, { reason, message, advice }: BedsideError): DicomRecord {
  return { file, status: 'refuse', reason, message, advice };
}

/**
 * Decodes the frames (or `only` one), calls `onView` with each view of each, and describes them. A frame behind the first that is
 * damaged ends the list, as one does that the file does not hold.
 */
export async function describeDicom(
  file: string,
  opened: DicomFile,
  only: number | undefined,
  onView: (frame: DicomFrame, view: NamedVoi) => Promise<void>,
): Promise<DicomRecord> {
  const warnings = new Set<string>(opened.warnings);
  const frames: unknown[] = [];
  const [first, end] = only === undefined ? [0, opened.meta.framesReadable] : [only, only + 1];
  let readable = opened.meta.framesReadable;
  for (let index = first; index < end; index++) {
    const frame = await decodeOrEnd(opened, index, first);
    if (!frame) {
      readable = index;
      warnings.add('frames-missing');
      break;
    }
    for (const warning of frame.warnings) warnings.add(warning);
    frames.push(await describeFrame(frame, opened.meta, onView));
  }
  return {
    file,
    status: 'ok',
    warnings: [...warnings].sort(),
    patientName: opened.identity.patientName,
    meta: describeMeta({ ...opened.meta, framesReadable: readable }),
    frames,
  };
}

async function decodeOrEnd(opened: DicomFile, index: number, first: number): Promise<DicomFrame | undefined> {
  try {
    return await opened.decodeFrame(index);
  } catch (error) {
    if (index > first && error instanceof BedsideError && error.code === 'damaged-image') return undefined;
    throw error;
  }
}

function describeMeta({ windows, ...meta }: DicomMeta): Record<string, unknown> {
  return { ...meta, windows: windows.map(({ centre: center, ...rest }) => ({ center, ...rest })) };
}

async function describeFrame(
  frame: DicomFrame,
  { columns, rows }: DicomMeta,
  onView: (frame: DicomFrame, view: NamedVoi) => Promise<void>,
): Promise<unknown> {
  const views: Record<string, unknown> = {};
  let shown: Uint8Array | undefined;
  for (const view of frame.views) {
    const pixels = frame.render(view.choice);
    shown ??= pixels;
    await onView(frame, view);
    views[view.name] = {
      ...describeChoice(frame, view),
      sha256: sha256(pixels),
      samples: sampled(pixels, columns * rows),
      mean: mean(pixels),
    };
  }
  return {
    index: frame.index,
    stored: describeStored(frame),
    pixels: describePixels(frame, shown!, columns, rows),
    views,
  };
}

function describeChoice(frame: DicomFrame, { choice, explanation }: NamedVoi): Record<string, unknown> {
  if (frame.space !== 'grey') return { kind: 'colour' };
  const { isInverted: inverted, range } = frame;
  switch (choice.kind) {
    case 'level': {
      const { centre: center, width, function: voiFunction } = choice;
      return { kind: 'window', center, width, function: voiFunction, explanation, inverted };
    }
    case 'lut':
      return { kind: 'voi-lut', index: choice.index, inverted };
    case 'range':
      return { kind: 'range', min: range[0], max: range[1], inverted };
  }
}

/** The hash is of 32-bit integers, or of floating point numbers as they are, little endian, row by row. */
function describeStored({ stored }: DicomFrame): Record<string, unknown> {
  const isFloat = stored instanceof Float32Array || stored instanceof Float64Array;
  const words = isFloat ? stored : Int32Array.from(stored, value => value | 0);
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of stored) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return {
    min: least,
    max: greatest,
    mean: mean(stored),
    sha256: sha256(new Uint8Array(words.buffer, words.byteOffset, words.byteLength)),
    ...(isFloat && { of: stored instanceof Float32Array ? 'float32' : 'float64' }),
  };
}

function describePixels(
  frame: DicomFrame,
  shown: Uint8Array,
  columns: number,
  rows: number,
): Record<string, unknown> {
  const quarter = (size: number, of: number) => Math.floor((size * of) / 4);
  const places: Record<string, [row: number, col: number]> = {
    first: [0, 0],
    nw: [quarter(rows, 1), quarter(columns, 1)],
    ne: [quarter(rows, 1), quarter(columns, 3)],
    centre: [quarter(rows, 2), quarter(columns, 2)],
    sw: [quarter(rows, 3), quarter(columns, 1)],
    se: [quarter(rows, 3), quarter(columns, 3)],
    last: [rows - 1, columns - 1],
  };
  return Object.fromEntries(
    Object.entries(places).map(([name, [row, col]]) => {
      const pixel = row * columns + col;
      const stored = Array.from(frame.stored.subarray(pixel * frame.samples, (pixel + 1) * frame.samples));
      if (frame.space === 'grey')
        return [name, { row, col, stored: stored[0], modality: frame.modalityValue(row, col) }];
      const rgb = Array.from(shown.subarray(pixel * 3, pixel * 3 + 3));
      return [name, { row, col, stored: frame.samples === 1 ? stored[0] : stored, rgb }];
    }),
  );
}

/** Of eight pixels, evenly spread over the rows. */
function sampled(pixels: Uint8Array, count: number): unknown[] {
  const channels = pixels.length / count;
  return Array.from({ length: 8 }, (_, i) => {
    const at = Math.floor(((i + 0.5) * count) / 8) * channels;
    return channels === 1 ? pixels[at] : Array.from(pixels.subarray(at, at + channels));
  });
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
