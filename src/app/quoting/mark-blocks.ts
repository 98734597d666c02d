/** Where an answer's sentences stand among its blocks, and how marks come between them without any of its text changing. */
import type { Block, Inline, TableRow, TopBlock } from '../markdown/tokens.ts';
import type { Unit } from './judge-answer.ts';

/** A place in the text of a unit, and the number of the mark that stands there. */
export interface PlacedMark {
  unit: number;
  at: number;
  mark: number;
}

type OnUnit = (cells: Inline[][], isProse: boolean) => Inline[][];

/** The units of an answer, in order. */
export function unitsOf(blocks: readonly TopBlock[]): Unit[] {
  const units: Unit[] = [];
  walk(blocks, (cells, isProse) => {
    units.push({ text: cells.map(textOfInlines).join(' '), isProse });
    return cells;
  });
  return units;
}

/** The same blocks with marks in them. */
export function withMarks(blocks: readonly TopBlock[], marks: readonly PlacedMark[]): TopBlock[] {
  let unit = -1;
  return walk(blocks, cells => {
    unit++;
    const own = marks.filter(mark => mark.unit === unit);
    let start = 0;
    return cells.map((cell, at) => {
      const end = start + textOfInlines(cell).length;
      const isLast = at === cells.length - 1;
      const inCell = own.filter(mark => mark.at > start && (mark.at <= end || isLast));
      const marked = insert(
        cell,
        inCell.map(({ at, mark }) => ({ at: at - start, mark })),
      );
      start = end + 1;
      return marked;
    });
  }) as TopBlock[];
}

function walk<B extends Block>(blocks: readonly B[], onUnit: OnUnit): B[] {
  const one = (inlines: Inline[], isProse: boolean) => onUnit([inlines], isProse)[0]!;
  return blocks.map((block): B => {
    switch (block.type) {
      case 'paragraph':
        return { ...block, inlines: one(block.inlines, true) };
      case 'heading':
        return { ...block, inlines: one(block.inlines, false) };
      case 'quote':
        return { ...block, blocks: walk(block.blocks, onUnit) };
      case 'list':
        return { ...block, items: block.items.map(item => ({ ...item, blocks: walk(item.blocks, onUnit) })) };
      case 'table':
        return {
          ...block,
          header: onUnit(block.header, false),
          rows: block.rows.map(row => rowOf(row, onUnit)),
        };
      default:
        return block;
    }
  });
}

function rowOf(row: TableRow, onUnit: OnUnit): TableRow {
  return 'cells' in row ? { cells: onUnit(row.cells, true) } : { text: onUnit([row.text], true)[0]! };
}

function textOfInlines(inlines: readonly Inline[]): string {
  return inlines.map(textOfInline).join('');
}

/** What is shown as a box of its own is one character, so that nothing is marked within it. */
function textOfInline(inline: Inline): string {
  if ('children' in inline) return textOfInlines(inline.children);
  if (inline.type === 'text' || inline.type === 'code') return inline.text;
  return inline.type === 'mark' ? '' : ' ';
}

/** `at` from the start of these inlines, in order. */
function insert(inlines: readonly Inline[], marks: readonly { at: number; mark: number }[]): Inline[] {
  if (marks.length === 0) return [...inlines];
  const marked: Inline[] = [];
  let start = 0;
  let next = 0;
  for (const inline of inlines) {
    const end = start + textOfInline(inline).length;
    const within: { at: number; mark: number }[] = [];
    while (next < marks.length && marks[next]!.at <= end) within.push(marks[next++]!);
    marked.push(
      ...split(
        inline,
        within.map(({ at, mark }) => ({ at: at - start, mark })),
        end - start,
      ),
    );
    start = end;
  }
  marked.push(...marks.slice(next).map(({ mark }): Inline => ({ type: 'mark', raw: '', mark })));
  return marked;
}

function split(inline: Inline, marks: readonly { at: number; mark: number }[], length: number): Inline[] {
  const token = (mark: number): Inline => ({ type: 'mark', raw: '', mark });
  if (marks.length === 0) return [inline];
  if (inline.type !== 'text') {
    // Behind it: a mark within what is strong or a link would be part of that.
    const inside =
      'children' in inline && inline.type !== 'link' ? marks.filter(({ at }) => at < length) : [];
    const whole =
      inside.length > 0 && 'children' in inline
        ? { ...inline, children: insert(inline.children, inside) }
        : inline;
    return [whole, ...marks.filter(each => !inside.includes(each)).map(({ mark }) => token(mark))];
  }
  const pieces: Inline[] = [];
  let from = 0;
  for (const { at, mark } of marks) {
    if (at > from)
      pieces.push({ type: 'text', raw: inline.text.slice(from, at), text: inline.text.slice(from, at) });
    pieces.push(token(mark));
    from = Math.max(from, at);
  }
  if (from < inline.text.length) pieces.push({ type: 'text', raw: '', text: inline.text.slice(from) });
  return pieces;
}
