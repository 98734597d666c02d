import type { DicomWarning } from '../../../engine/types/dicom.ts';
import {
  damagedCompressedData,
  emptyFile,
  notDicom,
  truncatedHeader,
  unsupportedTransferSyntax,
} from '../refusals/dicom-errors.ts';
import type { DataSource, Encoding } from './data-element.ts';
import { DataSet } from './data-set.ts';
import { inflate } from './inflate.ts';
import { isExplicit, recogniseDicom, recognisedBytes } from './recognise.ts';
import { tag } from './tags.ts';
import { type PixelCoding, transferSyntax } from './transfer-syntaxes.ts';
import { readTag } from './walk-elements.ts';

/** A file's elements, none of whose values were looked at. */
export interface ParsedDicom {
  dataSet: DataSet;
  /** Where it begins in the bytes that it is read from. */
  start: number;
  /** As the file says; undefined where it does not. */
  transferSyntaxUid: string | undefined;
  coding: PixelCoding;
  isLossySyntax: boolean;
  /** From the file meta information: of files that name it nowhere else. */
  metaSopClassUid: string | undefined;
  warnings: Set<DicomWarning>;
}

/**
 * Follows a file's elements to its end (PS3.10; PS3.5, chapter 7). Fails with `empty-file`, `not-dicom`, `truncated-header`,
 * `unsupported-transfer-syntax`, `damaged-compressed-data` or `too-large` (deflated).
 * @param fileBytes of a file of which `file` is the beginning: it is followed up to its pixels. Fails with a RangeError, or with
 *   `truncated-header`, where more of it is needed
 */
export async function readDicom(file: Uint8Array, fileBytes = file.length): Promise<ParsedDicom> {
  // Plain: a `slice` of Node's buffers is no copy.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length === 0) throw emptyFile();
  const beginning = recogniseDicom(bytes.subarray(0, recognisedBytes));
  if (!beginning) throw notDicom();
  const warnings = new Set<DicomWarning>();
  if (!beginning.hasPreamble) warnings.add('missing-preamble');
  const isBeginning = bytes.length < fileBytes;
  const source = sourceOf(bytes, warnings, isBeginning);
  const meta = beginning.hasMeta ? readMeta(source, beginning.start, warnings) : undefined;
  if (meta && !meta.transferSyntaxUid) warnings.add('missing-transfer-syntax');
  const uid = meta?.transferSyntaxUid;
  const syntax = uid === undefined ? undefined : transferSyntax(uid);
  if (uid !== undefined && !syntax?.coding)
    throw unsupportedTransferSyntax(syntax?.name ?? 'an unknown kind', uid);
  const start = meta?.end ?? 0;
  if (start >= bytes.length) throw truncatedHeader();
  const isDeflated = syntax?.isDeflated === true && !isExplicit(bytes, start);
  if (isDeflated && isBeginning) throw new RangeError('what is deflated is read whole');
  const body = isDeflated ? sourceOf(await inflate(bytes.subarray(start)), warnings) : source;
  const range = isDeflated ? { start: 0, end: body.bytes.length } : { start, end: fileBytes };
  const { dataSet, encoding } = isDeflated ? readInflated(body, range) : readDataSet(body, range);
  if (syntax && (syntax.isExplicit !== encoding.isExplicit || syntax.isLittle !== encoding.isLittle))
    warnings.add('transfer-syntax-mismatch');
  return {
    dataSet,
    start: range.start,
    transferSyntaxUid: uid,
    coding: syntax?.coding ?? 'native',
    isLossySyntax: syntax?.isLossy === true,
    metaSopClassUid: meta?.sopClassUid,
    warnings,
  };
}

function readDataSet(source: DataSource, range: { start: number; end: number }) {
  const encoding = encodingOf(source, range.start);
  return { dataSet: DataSet.read(source, range, encoding), encoding };
}

/** A deflated stream has no check of its own: damage shows where the elements cannot be followed. */
function readInflated(source: DataSource, range: { start: number; end: number }) {
  try {
    return readDataSet(source, range);
  } catch (error) {
    throw damagedCompressedData(error);
  }
}

function sourceOf(bytes: Uint8Array, warnings: Set<DicomWarning>, isBeginning = false): DataSource {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { bytes, view, isBeginning, warn: warning => warnings.add(warning) };
}

interface Meta {
  transferSyntaxUid: string | undefined;
  sopClassUid: string | undefined;
  /** Where the data set begins. */
  end: number;
}

/** Goes by the group of its elements: what it says of its own length is often wrong. */
function readMeta(source: DataSource, start: number, warnings: Set<DicomWarning>): Meta {
  const encoding: Encoding = { isExplicit: isExplicit(source.bytes, start), isLittle: true };
  const end = endOfMeta(source, start, encoding);
  const meta = DataSet.read(source, { start, end }, encoding, 0);
  const said = meta.number(tag.metaGroupLength, 'US');
  const length = meta.element(tag.metaGroupLength);
  if (!length || said !== end - length.end) warnings.add('meta-length');
  return {
    transferSyntaxUid: meta.text(tag.transferSyntaxUid),
    sopClassUid: meta.text(tag.mediaStorageSopClassUid),
    end,
  };
}

function endOfMeta(source: DataSource, start: number, encoding: Encoding): number {
  const { view, bytes } = source;
  let at = start;
  while (at + 8 <= bytes.length && readTag(view, at, true) >>> 16 === 2) {
    const hasLongLength = encoding.isExplicit && /^(O[BDFLVW]|SQ|U[CNRT])$/.test(vrAt(bytes, at));
    if (hasLongLength && at + 12 > bytes.length) throw truncatedHeader();
    const length = hasLongLength
      ? view.getUint32(at + 8, true)
      : encoding.isExplicit
        ? view.getUint16(at + 6, true)
        : view.getUint32(at + 4, true);
    at += (hasLongLength ? 12 : 8) + length;
    if (at > bytes.length) throw truncatedHeader();
  }
  if (at + 8 > bytes.length && at < bytes.length) throw truncatedHeader();
  return at;
}

function vrAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(bytes[at + 4]!, bytes[at + 5]!);
}

/** As the first element shows it, whatever the file says: a VR or none, and its group, which is low, in this order of bytes or that. */
function encodingOf({ bytes, view }: DataSource, start: number): Encoding {
  if (bytes.length - start < 8) throw truncatedHeader();
  const isLittle = view.getUint16(start, true) <= view.getUint16(start, false);
  return { isExplicit: isExplicit(bytes, start), isLittle };
}
