import { truncatedHeader } from '../refusals/dicom-errors.ts';
import { mostNesting } from '../refusals/limits.ts';
import type { DataElement, DataSource, Encoding } from './data-element.ts';
import { pixelTags, tag } from './tags.ts';
import { hasLongLength, isKnownVr } from './value-representations.ts';

const undefinedLength = 0xffffffff;

interface Range {
  start: number;
  end: number;
}

/**
 * Calls `visit` with each element of the data set that begins at `start`, those of its sequences left out, up to `end` or to the
 * delimiter of the item that it is (where `depth` > 0). Returns the position behind. An element that goes beyond `end` is damage, but
 * for pixels at the top, behind which nothing is looked for in a file's beginning. Fails with `truncated-header`.
 */
export function walkElements(
  source: DataSource,
  { start, end }: Range,
  encoding: Encoding,
  depth: number,
  visit?: (element: DataElement) => void,
): number {
  if (depth > mostNesting) throw truncatedHeader();
  let at = start;
  let hasPixels = false;
  while (at < end) {
    const next = readElement(source, { start: at, end }, encoding, depth, hasPixels);
    if (next === 'trailing') {
      source.warn('trailing-bytes');
      return end;
    }
    if (typeof next === 'number') {
      at = next;
      if (depth > 0) return at;
      continue;
    }
    hasPixels ||= pixelTags.includes(next.element.tag);
    visit?.(next.element);
    if (depth === 0 && hasPixels && source.isBeginning) return end;
    at = next.after;
  }
  return at;
}

/** An element and where the next begins; a number: behind a delimiter that stood there; 'trailing': no element, behind the pixels. */
function readElement(
  source: DataSource,
  { start, end }: Range,
  encoding: Encoding,
  depth: number,
  hasPixels: boolean,
): { element: DataElement; after: number } | number | 'trailing' {
  const { view } = source;
  const { isLittle } = encoding;
  const isPastPixels = depth === 0 && hasPixels;
  if (end - start < 8) return refuseOr(isPastPixels);
  const found = readTag(view, start, isLittle);
  if (found === tag.itemDelimiter) return start + 8;
  if (found === tag.sequenceDelimiter || found === tag.item) {
    if (depth === 0) return start + 8;
    // The item has no delimiter of its own: whoever reads the sequence sees this one.
    source.warn('missing-delimiter');
    return start;
  }
  const header = readHeader(source, { start, end }, encoding);
  if (!header) return refuseOr(isPastPixels);
  const { vr, length, valueAt } = header;
  if (isPastPixels && (found < 0x00080000 || (vr !== '' && !isKnownVr(vr)))) return 'trailing';
  if (vr !== '' && !isKnownVr(vr)) source.warn('unknown-vr');
  const element: DataElement = {
    tag: found,
    vr,
    start: valueAt,
    end: valueAt,
    isUndefined: false,
    isCut: false,
  };
  if (length === undefinedLength) {
    element.isUndefined = true;
    const isPixels = found === tag.pixelData && vr !== 'SQ';
    const after = isPixels
      ? depth === 0 && source.isBeginning
        ? end
        : skipFragments(source, { start: valueAt, end }, isLittle)
      : walkItems(source, { start: valueAt, end }, insideOf(vr, encoding), depth);
    element.end = after;
    return { element, after };
  }
  if (length > end - valueAt) {
    if (isPastPixels) return 'trailing';
    if (depth > 0 || !pixelTags.includes(found)) throw truncatedHeader();
    element.isCut = true;
    element.end = end;
    return { element, after: end };
  }
  if (length % 2 === 1 && found !== tag.pixelData) source.warn('odd-length');
  element.end = valueAt + length;
  return { element, after: element.end };
}

function refuseOr(isPastPixels: boolean): 'trailing' {
  if (!isPastPixels) throw truncatedHeader();
  return 'trailing';
}

/** What stands in a sequence of this VR: unknown ones are implicit within (PS3.5, 6.2.2). */
export function insideOf(vr: string, encoding: Encoding): Encoding {
  return vr === 'UN' ? { isExplicit: false, isLittle: true } : encoding;
}

export function readTag(view: DataView, at: number, isLittle: boolean): number {
  return view.getUint16(at, isLittle) * 0x10000 + view.getUint16(at + 2, isLittle);
}

/** VR, length and where the value begins. Undefined where the header does not fit. */
function readHeader(
  { view, bytes }: DataSource,
  { start, end }: Range,
  { isExplicit, isLittle }: Encoding,
): { vr: string; length: number; valueAt: number } | undefined {
  const [first, second] = [bytes[start + 4]!, bytes[start + 5]!];
  // No VR is written with such bytes: a writer left the element implicit.
  const isImplicit = !isExplicit || !isPrintable(first) || !isPrintable(second);
  if (isImplicit) return { vr: '', length: view.getUint32(start + 4, isLittle), valueAt: start + 8 };
  const vr = String.fromCharCode(first, second);
  if (!hasLongLength(vr)) return { vr, length: view.getUint16(start + 6, isLittle), valueAt: start + 8 };
  if (end - start < 12) return undefined;
  return { vr, length: view.getUint32(start + 8, isLittle), valueAt: start + 12 };
}

const isPrintable = (byte: number) => byte > 0x20 && byte < 0x7f;

/**
 * Calls `visit` with the range of each item's data set, and returns the position behind the sequence: `end`, or behind its
 * delimiter where there is one. Fails with `truncated-header`.
 */
export function walkItems(
  source: DataSource,
  { start, end }: Range,
  encoding: Encoding,
  depth: number,
  visit?: (item: Range) => void,
): number {
  const { view } = source;
  if (depth >= mostNesting) throw truncatedHeader();
  let at = start;
  while (end - at >= 8) {
    const found = readTag(view, at, encoding.isLittle);
    if (found === tag.sequenceDelimiter) return at + 8;
    // A delimiter too many, of an item with a length.
    if (found === tag.itemDelimiter) {
      at += 8;
      continue;
    }
    if (found !== tag.item) {
      source.warn('missing-delimiter');
      return at;
    }
    const length = view.getUint32(at + 4, encoding.isLittle);
    const itemAt = at + 8;
    if (length === undefinedLength) {
      at = walkElements(source, { start: itemAt, end }, encoding, depth + 1);
      visit?.({ start: itemAt, end: at });
    } else {
      if (length > end - itemAt) throw truncatedHeader();
      at = itemAt + length;
      visit?.({ start: itemAt, end: at });
    }
  }
  return end;
}

/** Behind the fragments of compressed pixels: their delimiter, or the end of the file. */
function skipFragments(source: DataSource, range: Range, isLittle: boolean): number {
  let after = range.start;
  for (const { end } of readFragments(source, range, isLittle)) after = end;
  const { view } = source;
  if (range.end - after >= 8 && readTag(view, after, isLittle) === tag.sequenceDelimiter) return after + 8;
  source.warn('missing-delimiter');
  return after;
}

/** The items of compressed pixels, the offset table first. The last may be cut by the end of the file. */
export function* readFragments(
  { view }: DataSource,
  { start, end }: Range,
  isLittle: boolean,
): Generator<Range & { isCut: boolean }> {
  let at = start;
  while (end - at >= 8 && readTag(view, at, isLittle) === tag.item) {
    const length = view.getUint32(at + 4, isLittle);
    const isCut = length > end - at - 8;
    const fragmentEnd = isCut ? end : at + 8 + length;
    yield { start: at + 8, end: fragmentEnd, isCut };
    at = fragmentEnd;
  }
}
