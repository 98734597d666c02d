import {
  dedent,
  fenceStart,
  headingStart,
  indentOf,
  isBlank,
  isOrdered,
  isRule,
  isSameKind,
  type Marker,
  markerAt,
  quoteEnd,
} from './line-starts.ts';
import type { Block, Inline, List, ListItem } from './tokens.ts';

export interface Place {
  /** The last line is still being written. */
  isOpen: boolean;
  /** Among the lines of a list's item: a list in it may have one item. */
  isInList: boolean;
}

/** What reads the lines of an item: a list may hold whatever a text does. */
type ParseLines = (lines: readonly string[], place: Place) => Block[];

/** So many items at the beginning tell whether the marks are a list's or signs. */
const itemsRead = 3;

/**
 * Whether a list begins at a line. One line alone is text, and its mark a sign that stays. So are marks in front of
 * numbers, unless at least two of the first three items have none. What is written under an item, set in by spaces,
 * shows that it is one.
 */
export function beginsList(lines: readonly string[], start: number, isInList: boolean): boolean {
  const first = markerAt(lines[start]!);
  if (!first || first.indent > 3) return false;
  if (isInList && start > 0 && !first.isSign) return true;
  let items = 1;
  let words = first.isSign ? 0 : 1;
  let isAfterBlank = false;
  for (let at = start + 1; at < lines.length && items < itemsRead; at++) {
    const line = lines[at]!;
    if (isBlank(line)) {
      isAfterBlank = true;
      continue;
    }
    const indent = indentOf(line);
    const marker = markerAt(line);
    if (indent >= first.indent + 2) {
      const isPart = indent >= first.contentIndent || marker !== null;
      if (isPart && words > 0 && !marker?.isSign) return true;
      if (!isPart && isAfterBlank) break;
      continue;
    }
    if (marker) {
      if (!isSameKind(first, marker)) break;
      items++;
      if (!marker.isSign) words++;
    } else if (isAfterBlank || interrupts(line)) break;
  }
  return words > 1;
}

function interrupts(line: string): boolean {
  return isRule(line) || headingStart(line) !== null || fenceStart(line) !== null || quoteEnd([line], 0) > 0;
}

/** The list at a line. */
export function parseList(
  lines: readonly string[],
  start: number,
  place: Place,
  parseLines: ParseLines,
): List {
  const first = markerAt(lines[start]!)!;
  const items: ListItem[] = [];
  let isLoose = false;
  let at = start;
  let end = start;
  while (at < lines.length) {
    const marker = markerAt(lines[at]!);
    if (!marker || marker.indent >= first.indent + 2 || !isSameKind(first, marker)) break;
    if (at > end && beginsAnew(marker, items)) break;
    const { content, next, isBlankBehind } = itemLines(lines, at, marker);
    const isLast = next >= lines.length;
    const blocksOf = (text: readonly string[]) =>
      parseLines(text, { isOpen: place.isOpen && isLast, isInList: true });
    const { item, hasGaps } = parseItem(content, marker, blocksOf);
    items.push(item);
    end = at + content.length;
    isLoose ||= hasGaps || (isBlankBehind && !isLast && continues(lines[next]!, first));
    at = next;
  }
  const hasSigns = !isOrdered(first) && (isAlone(items, place) || isAmongSigns(lines, start, end));
  return {
    type: 'list',
    start,
    end,
    isOrdered: isOrdered(first),
    isLoose,
    items: hasSigns ? items.map(item => (item.isSign ? item : signed(item))) : items,
  };
}

/** Behind a blank line, "1." after a higher number is another list. */
function beginsAnew(marker: Marker, items: readonly ListItem[]): boolean {
  return (
    isOrdered(marker) &&
    Number.parseInt(marker.text, 10) <= 1 &&
    Number.parseInt(items.at(-1)!.marker, 10) > 1
  );
}

function continues(line: string, first: Marker): boolean {
  const marker = markerAt(line);
  return marker !== null && marker.indent < first.indent + 2 && isSameKind(first, marker);
}

/** One bullet, with no list under it. */
function isAlone(items: readonly ListItem[], { isInList }: Place): boolean {
  return items.length === 1 && !isInList && !items[0]!.blocks.some(({ type }) => type === 'list');
}

/** Minus signs beside plus signs: findings that are absent and present. */
function isAmongSigns(lines: readonly string[], start: number, end: number): boolean {
  return [lines[start - 1], lines[end]].some(line => line !== undefined && markerAt(line)?.text === '+');
}

interface ItemLines {
  /** Without what sets them in. */
  content: string[];
  next: number;
  isBlankBehind: boolean;
}

function itemLines(lines: readonly string[], start: number, marker: Marker): ItemLines {
  const content = [dedent(blankMarker(lines[start]!, marker), marker.contentIndent)];
  let next = start + 1;
  let isAfterBlank = false;
  for (; next < lines.length; next++) {
    const line = lines[next]!;
    if (isBlank(line)) {
      content.push('');
      isAfterBlank = true;
      continue;
    }
    const indent = indentOf(line);
    const inner = markerAt(line);
    const isSetIn = indent >= marker.contentIndent || (inner !== null && indent >= marker.indent + 2);
    if (!isSetIn && (inner !== null || isAfterBlank || interrupts(line))) break;
    content.push(dedent(line, Math.min(indent, marker.contentIndent)));
    isAfterBlank = false;
  }
  let isBlankBehind = false;
  while (content.length > 1 && content.at(-1) === '') {
    content.pop();
    isBlankBehind = true;
  }
  return { content, next, isBlankBehind };
}

const blankMarker = (line: string, marker: Marker) =>
  line.replace(marker.text, ' '.repeat(marker.text.length));

function parseItem(
  content: string[],
  marker: Marker,
  blocksOf: (lines: readonly string[]) => Block[],
): { item: ListItem; hasGaps: boolean } {
  const task = /^\[([ xX])\][ \t]+(?=\S)/.exec(content[0]!);
  const lines = task ? [content[0]!.slice(task[0].length), ...content.slice(1)] : content;
  const blocks = blocksOf(lines);
  const hasGaps = blocks.some(({ start }) => start > 0 && isBlank(lines[start - 1]!));
  const item = { marker: marker.text, isSign: false, isTask: task !== null, blocks };
  if (task) prepend(item, { type: 'check', raw: task[0], isChecked: task[1] !== ' ' });
  return { item: marker.isSign || marker.text === '+' ? signed(item) : item, hasGaps };
}

/** The item with its mark as the beginning of its text. */
function signed(item: ListItem): ListItem {
  const raw = `${item.marker} `;
  prepend(item, { type: 'text', raw, text: raw });
  return { ...item, isSign: true };
}

function prepend(item: ListItem, inline: Inline): void {
  const first = item.blocks[0];
  if (first?.type === 'paragraph') first.inlines.unshift(inline);
  else item.blocks.unshift({ type: 'paragraph', start: 0, end: 0, inlines: [inline] });
}
