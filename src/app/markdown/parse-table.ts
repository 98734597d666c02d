import { isBlank } from './line-starts.ts';
import { parseInline } from './parse-inline.ts';
import type { Align, Table, TableRow } from './tokens.ts';

interface Row {
  /** As they were written, with the space around them. */
  cells: string[];
  beginsWithPipe: boolean;
  endsWithPipe: boolean;
}

function splitRow(line: string): Row {
  const trimmed = line.trim();
  const cells: string[] = [];
  let start = 0;
  for (let at = 0; at <= trimmed.length; at++) {
    if (trimmed[at] === '\\') at++;
    else if (at === trimmed.length || trimmed[at] === '|') {
      cells.push(trimmed.slice(start, at));
      start = at + 1;
    }
  }
  if (start < trimmed.length) cells.push(trimmed.slice(start));
  const beginsWithPipe = trimmed.startsWith('|');
  const endsWithPipe = cells.length > 1 && cells.at(-1) === '';
  return {
    cells: cells.slice(beginsWithPipe ? 1 : 0, endsWithPipe ? -1 : undefined),
    beginsWithPipe,
    endsWithPipe,
  };
}

const delimiterRow = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** Whether a table begins at a line: a row of headings above a row of dashes with as many cells. */
export function beginsTable(lines: readonly string[], start: number): boolean {
  const dashes = lines[start + 1];
  if (!lines[start]?.includes('|') || !dashes?.includes('|') || !delimiterRow.test(dashes)) return false;
  const { cells, beginsWithPipe, endsWithPipe } = splitRow(dashes);
  // "- | -" without pipes around it may be two results.
  if (!beginsWithPipe && !endsWithPipe && cells.some(cell => !cell.includes('--'))) return false;
  return splitRow(lines[start]!).cells.length === cells.length;
}

/** The table at a line. `isOpen`: the last line is still being written. */
export function parseTable(lines: readonly string[], start: number, isOpen: boolean): Table {
  const header = splitRow(lines[start]!);
  let end = start + 2;
  while (end < lines.length && !isBlank(lines[end]!) && lines[end]!.includes('|') && !beginsTable(lines, end))
    end++;
  const rows = lines
    .slice(start + 2, end)
    .map((line, index) => parseRow(line, header, isOpen && start + 2 + index === lines.length - 1));
  return {
    type: 'table',
    start,
    end,
    align: splitRow(lines[start + 1]!).cells.map(alignOf),
    header: header.cells.map(parseCell),
    rows,
  };
}

/**
 * What does not fit into the columns is shown as the line that was written: a cell too many, or pipes that are signs,
 * as in "|x| > 3".
 */
function parseRow(line: string, header: Row, isOpen: boolean): TableRow {
  const row = splitRow(line);
  const isUneven =
    !isOpen && header.beginsWithPipe && header.endsWithPipe && row.beginsWithPipe && !row.endsWithPipe;
  const fits = row.cells.length <= header.cells.length && !isUneven && !hasBars(row, header, isOpen);
  return fits ? { cells: row.cells.map(parseCell) } : { text: parseInline(line.trim(), isOpen) };
}

/** Cells without space around them between cells that have some: the pipes beside them are bars. */
function hasBars({ cells }: Row, header: Row, isOpen: boolean): boolean {
  const isTight = (cell: string) => /^\S(?:.*\S)?$/.test(cell);
  const inner = isOpen ? cells.slice(0, -1) : cells;
  return !header.cells.some(isTight) && inner.some(isTight) && cells.some(cell => /^\s/.test(cell));
}

/** A pipe of the text is escaped, in code too: there is no other way to write one. */
function parseCell(cell: string) {
  return parseInline(cell.trim().replaceAll('\\|', '|'));
}

function alignOf(dashes: string): Align {
  const trimmed = dashes.trim();
  if (trimmed.startsWith(':')) return trimmed.endsWith(':') ? 'center' : 'left';
  return trimmed.endsWith(':') ? 'right' : null;
}
