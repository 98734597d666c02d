import { plural } from '../../../engine/quantities.ts';
import type { DataElement } from '../data-set/data-element.ts';
import type { DataSet } from '../data-set/data-set.ts';
import { readDicom } from '../data-set/read-dicom.ts';
import { pixelTags, tag } from '../data-set/tags.ts';
import { binaryNumbers, isText } from '../data-set/value-representations.ts';
import { elementName, isPrivate, mayIdentify, usualVr } from './element-names.ts';

/** One element, for a reader who wants to see what a file says beside its pixels. */
export interface HeaderRow {
  /** Such as (0010,0010). */
  tag: string;
  /** Such as Patient's Name; empty where it is not known. */
  name: string;
  /** As text; of what is no text what it is, and how large. */
  value: string;
  /** Whether it may say whose image it is. */
  identifies: boolean;
}

/** More values than these are counted instead of written, and longer texts are cut. */
const mostValues = 32;
const longestText = 1024;

/** The elements at the top of a file, by their tags. Fails as `readDicom` does. */
export async function readHeaderRows(bytes: Uint8Array): Promise<HeaderRow[]> {
  const { dataSet } = await readDicom(bytes);
  const characterSets = dataSet.texts(tag.specificCharacterSet);
  return [...dataSet.elements()]
    .sort((a, b) => a.tag - b.tag)
    .map(element => {
      const vr = isKnown(element.vr) ? element.vr : usualVr(element.tag);
      return {
        tag: tagInWords(element.tag),
        name: isPrivate(element.tag) ? '' : elementName(element.tag),
        value: valueInWords(dataSet, element, vr, characterSets),
        identifies: mayIdentify(element.tag, vr),
      };
    });
}

const isKnown = (vr: string) => vr !== '' && vr !== 'UN';

function tagInWords(of: number): string {
  const hex = (part: number) => part.toString(16).padStart(4, '0').toUpperCase();
  return `(${hex(of >>> 16)},${hex(of & 0xffff)})`;
}

function valueInWords(
  dataSet: DataSet,
  { tag: of, start, end }: DataElement,
  vr: string,
  characterSets: readonly string[],
): string {
  if (end === start) return '';
  if (vr === 'SQ') return plural(dataSet.items(of).length, 'item');
  if (pixelTags.includes(of) || !(isText(vr) || binaryNumbers[vr]) || vr === 'OW')
    return plural(end - start, 'byte');
  if (isText(vr)) return cut(dataSet.localText(of, characterSets) ?? '');
  const numbers = dataSet.numbers(of, vr === 'SS' ? 'SS' : vr === 'FD' ? 'FD' : 'US');
  if (numbers.length > mostValues) return plural(numbers.length, 'value');
  return numbers.map(number => number ?? '?').join(' \\ ');
}

/** Without what would break the line. */
const cut = (text: string) => {
  const shown = text.replace(/\p{Cc}+/gu, ' ').trim();
  return shown.length > longestText ? `${shown.slice(0, longestText)}…` : shown;
};
