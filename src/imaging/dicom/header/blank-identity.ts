import type { DataElement, DataSource, Encoding } from '../data-set/data-element.ts';
import { readDicom } from '../data-set/read-dicom.ts';
import { pixelTags } from '../data-set/tags.ts';
import { isText } from '../data-set/value-representations.ts';
import { insideOf, walkElements, walkItems } from '../data-set/walk-elements.ts';
import { deflatedHeader } from '../refusals/dicom-errors.ts';
import { mayIdentify, usualVr } from './element-names.ts';

const metaEncoding: Encoding = { isExplicit: true, isLittle: true };
/** Names of the programs that sent and received it, and private information. */
const identifyingMeta = [0x00020016, 0x00020017, 0x00020018, 0x00020102];

/**
 * A copy of a file in which what may say whose image it is is blank: names, dates, places, numbers of patients and visits, comments and
 * all private elements, in sequences too; each value keeps its length. UIDs stay, since by them images are a series, and so do pixels.
 * It is less to find, not anonymous: what is written in the pixels, or where nobody expects it, is still there.
 * @throws what `readDicom` throws; `unsupported-image` where the header is compressed
 */
export async function blankIdentity(file: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = Uint8Array.from(file);
  const { dataSet, start } = await readDicom(bytes);
  const { source, encoding } = dataSet;
  if (source.bytes.buffer !== bytes.buffer) throw deflatedHeader();
  if (String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM') {
    // Free for any use; a TIFF header in it would be of the same pixels.
    bytes.fill(0, 0, 128);
    walkElements(source, { start: 132, end: start }, metaEncoding, 0, ({ tag, start: from, end }) => {
      if (identifyingMeta.includes(tag)) bytes.fill(0x20, from, end);
    });
  }
  blankElements(source, { start, end: bytes.length }, encoding, 0, false);
  return bytes;
}

/** `isAll`: within a sequence that is to be blank. */
function blankElements(
  source: DataSource,
  range: { start: number; end: number },
  encoding: Encoding,
  depth: number,
  isAll: boolean,
): void {
  walkElements(source, range, encoding, depth, element => {
    const vr = element.vr || usualVr(element.tag);
    const isBlank =
      vr !== 'UI' && (isAll || mayIdentify(element.tag, vr)) && !pixelTags.includes(element.tag);
    if (isSequence(element, vr)) blankItems(source, element, encoding, depth, isAll || isBlank);
    else if (isBlank) source.bytes.fill(isText(vr) ? 0x20 : 0, element.start, element.end);
  });
}

const isSequence = ({ tag, vr, isUndefined }: DataElement, usual: string) =>
  usual === 'SQ' || (isUndefined && !pixelTags.includes(tag) && (vr === 'UN' || vr === ''));

function blankItems(
  source: DataSource,
  element: DataElement,
  encoding: Encoding,
  depth: number,
  isAll: boolean,
): void {
  const inside = insideOf(element.vr, encoding);
  walkItems(source, element, inside, depth, item => blankElements(source, item, inside, depth + 1, isAll));
}
