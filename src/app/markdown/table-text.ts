/** A table for other programs: its words without markup, a row as wide as its head. */
import type { Inline, Table } from './tokens.ts';

/** Tab-separated, as spreadsheets take it from the clipboard. A cell is one line. */
export function tableAsTsv(table: Table): string {
  return rowsOf(table)
    .map(row => row.map(cell => cell.replace(/[\t\r\n]+/g, ' ')).join('\t'))
    .join('\n');
}

/** Comma-separated (RFC 4180). */
export function tableAsCsv(table: Table): string {
  return rowsOf(table)
    .map(row => row.map(quotedCell).join(','))
    .join('\r\n');
}

function rowsOf({ header, rows }: Table): string[][] {
  const written = rows.map(row => ('cells' in row ? row.cells : [row.text]));
  return [header, ...written].map(row => header.map((_, column) => inert(wordsOf(row[column] ?? []))));
}

/**
 * A spreadsheet computes what begins like a formula, and a model may have written one: it becomes text. Results such as "-2.5", "+"
 * and "++" stay as they are.
 */
const inert = (cell: string): string => (/^(?:[=@]|[+-]\s*[\p{L}(])/u.test(cell) ? `'${cell}` : cell);

/** As RFC 4180 has it. */
export const quotedCell = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

/** Of inline text: without its markup, formulas as they were written. */
export function wordsOf(inlines: readonly Inline[]): string {
  return inlines
    .map(inline => {
      if ('children' in inline) return wordsOf(inline.children);
      if ('text' in inline) return inline.text;
      return inline.type === 'break' ? '\n' : inline.raw;
    })
    .join('')
    .trim();
}
