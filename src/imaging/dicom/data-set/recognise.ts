import { isKnownVr } from './value-representations.ts';
import { readTag } from './walk-elements.ts';

/** Where a DICOM file's own parts begin. */
export interface Beginning {
  /** Of the file meta information, or, without one, of the data set. */
  start: number;
  hasMeta: boolean;
  /** 128 free bytes and DICM. */
  hasPreamble: boolean;
}

const preambleBytes = 128;
/** Bytes from the start of a file that `recogniseDicom` looks at. */
export const recognisedBytes = 512;

/**
 * Recognises a DICOM file by its first bytes, never by its name: DICM behind the preamble or at the beginning, file meta information
 * without either, or a bare data set. `head`: `recognisedBytes` of the file, or all that there are. Undefined where it is none.
 */
export function recogniseDicom(head: Uint8Array): Beginning | undefined {
  if (isMagic(head, preambleBytes)) return { start: preambleBytes + 4, hasMeta: true, hasPreamble: true };
  if (isMagic(head, 0)) return { start: 4, hasMeta: true, hasPreamble: false };
  if (head.length < 16) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (readTag(view, 0, true) <= 0x00020010 && readTag(view, 0, true) >= 0x00020000 && isExplicit(head, 0))
    return { start: 0, hasMeta: true, hasPreamble: false };
  return isBareDataSet(head, view, true) || isBareDataSet(head, view, false)
    ? { start: 0, hasMeta: false, hasPreamble: false }
    : undefined;
}

function isMagic(head: Uint8Array, at: number): boolean {
  return String.fromCharCode(...head.subarray(at, at + 4)) === 'DICM';
}

/** Whether a known VR stands where an element at `at` would have it. */
export function isExplicit(bytes: Uint8Array, at: number): boolean {
  return at + 6 <= bytes.length && isKnownVr(String.fromCharCode(bytes[at + 4]!, bytes[at + 5]!));
}

/** Begins with an element of group 0008, which has a VR, or a length as such elements have and a second element behind it. */
function isBareDataSet(head: Uint8Array, view: DataView, isLittle: boolean): boolean {
  const first = readTag(view, 0, isLittle);
  if (first < 0x00080000 || first > 0x00082000) return false;
  if (isExplicit(head, 0)) return true;
  const length = view.getUint32(4, isLittle);
  if (length > 256 || length % 2 === 1 || 8 + length + 8 > head.length) return false;
  const second = readTag(view, 8 + length, isLittle);
  return second > first && second < 0x00110000 && view.getUint32(12 + length, isLittle) < 0x10000;
}
