import { decodeText } from './character-sets.ts';
import type { DataElement, DataSource, Encoding } from './data-element.ts';
import { binaryNumbers, isText } from './value-representations.ts';
import { insideOf, walkElements, walkItems } from './walk-elements.ts';

/** Elements by their tag, the first of two equal ones, with their values as they are asked for. */
export class DataSet {
  readonly #elements = new Map<number, DataElement>();

  private constructor(
    readonly source: DataSource,
    readonly encoding: Encoding,
    readonly depth: number,
  ) {}

  /** Fails with `truncated-header`. */
  static read(
    source: DataSource,
    range: { start: number; end: number },
    encoding: Encoding,
    depth = 0,
  ): DataSet {
    const set = new DataSet(source, encoding, depth);
    walkElements(source, range, encoding, depth, element => {
      if (!set.#elements.has(element.tag)) set.#elements.set(element.tag, element);
      else if (depth === 0) source.warn('duplicate-element');
    });
    return set;
  }

  element(tag: number): DataElement | undefined {
    return this.#elements.get(tag);
  }

  elements(): Iterable<DataElement> {
    return this.#elements.values();
  }

  has(tag: number): boolean {
    return this.#elements.has(tag);
  }

  get size(): number {
    return this.#elements.size;
  }

  hasAny(first: number, last: number): boolean {
    return [...this.#elements.keys()].some(tag => tag >= first && tag <= last);
  }

  bytes(tag: number): Uint8Array | undefined {
    const element = this.#elements.get(tag);
    return element && this.source.bytes.subarray(element.start, element.end);
  }

  /** ASCII, without the padding. Undefined where it is absent or empty. */
  text(tag: number): string | undefined {
    return this.texts(tag)[0] || undefined;
  }

  /** All values of an element, ASCII, without their padding. None where the element is empty. */
  texts(tag: number): string[] {
    const element = this.#elements.get(tag);
    if (!element || element.start === element.end) return [];
    const number = isText(element.vr) ? undefined : binaryNumbers[element.vr];
    if (number) return this.#binary(element, element.vr).map(String);
    const values = latin1(this.source.bytes.subarray(element.start, shortEnd(element)))
      .split('\\')
      .map(trim);
    return values.length === 1 && values[0] === '' ? [] : values;
  }

  /** A text in the file's character sets. */
  localText(tag: number, characterSets: readonly string[]): string | undefined {
    const bytes = this.bytes(tag)?.subarray(0, mostValueBytes);
    return (bytes && trim(decodeText(bytes, characterSets))) || undefined;
  }

  /** Values by the VR in the file, or by `usual` where that is unknown. What is no finite number is null. */
  numbers(tag: number, usual: 'US' | 'SS' | 'DS' | 'IS' | 'FD'): (number | null)[] {
    const element = this.#elements.get(tag);
    if (!element) return [];
    const vr = isText(element.vr) || binaryNumbers[element.vr] ? element.vr : usual;
    return isText(vr) ? this.texts(tag).map(parseDecimal) : this.#binary(element, vr);
  }

  /** The first value, where it is a number. */
  number(tag: number, usual: 'US' | 'SS' | 'DS' | 'IS'): number | undefined {
    return this.numbers(tag, usual)[0] ?? undefined;
  }

  /** The items of a sequence. Those of one that cannot be followed are none. */
  items(tag: number): DataSet[] {
    const element = this.#elements.get(tag);
    if (!element) return [];
    const encoding = insideOf(element.vr, this.encoding);
    const items: DataSet[] = [];
    walkItems(this.source, element, encoding, this.depth, item =>
      items.push(DataSet.read(this.source, item, encoding, this.depth + 1)),
    );
    return items;
  }

  #binary(element: DataElement, vr: string): (number | null)[] {
    const { start } = element;
    const end = shortEnd(element);
    const { bytes, read } = binaryNumbers[vr]!;
    const values: (number | null)[] = [];
    for (let at = start; at + bytes <= end; at += bytes) {
      const value = read(this.source.view, at, this.encoding.isLittle);
      values.push(Number.isFinite(value) ? value : null);
    }
    return values;
  }
}

/** No element that is read as a list of values is longer. */
const mostValueBytes = 65_536;

function shortEnd({ start, end }: DataElement): number {
  return Math.min(end, start + mostValueBytes);
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
}

/** Without the padding: zeros and white space. (An expression would look at long runs of it over and over.) */
function trim(text: string): string {
  const isPadding = (at: number) => '\0 \t\r\n'.includes(text[at]!);
  let [start, end] = [0, text.length];
  while (start < end && isPadding(start)) start++;
  while (end > start && isPadding(end - 1)) end--;
  return text.slice(start, end);
}

/** More than a decimal string may have (16), so that long ones cost nothing. */
const mostDigits = 64;

/** A decimal string (PS3.5, 6.2): a dot alone divides it. */
function parseDecimal(text: string): number | null {
  if (text.length > mostDigits) return null;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}
