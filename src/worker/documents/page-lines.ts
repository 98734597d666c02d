/** Where pieces of text lie on a page, as the lines that somebody would read. */

/** A piece of text as the file places it, in points; y upward from the bottom of the page. */
export interface PlacedText {
  text: string;
  x: number;
  /** Of the baseline. */
  y: number;
  width: number;
  /** Of the letters: their size. */
  height: number;
  isRightToLeft: boolean;
}

/** A line, or the part of one that lies in a column. */
export interface PageLine {
  text: string;
  x: number;
  y: number;
  /** Its right end. */
  end: number;
  height: number;
}

/** As parts of the letters' size: pieces nearer than the first are one word, and further than the second stand in two columns. */
const wordGap = 0.18;
const columnGap = 1.8;
/** How far a baseline may lie from that of its line: superscripts do. */
const raised = 0.45;

/** In the order of the file, which is the order of reading nearly always; where it jumps within one line, from left to right. */
export function linesOf(pieces: readonly PlacedText[]): PageLine[] {
  const rows: PlacedText[][] = [];
  for (const piece of pieces) {
    if (piece.text === '' || piece.height === 0) continue;
    const row = rows.at(-1);
    const first = row?.[0];
    const isSame = first && Math.abs(first.y - piece.y) <= raised * Math.max(first.height, piece.height);
    if (isSame) row.push(piece);
    else if (piece.text.trim() !== '') rows.push([piece]);
  }
  return rows.flatMap(columnsOfRow);
}

function columnsOfRow(row: readonly PlacedText[]): PageLine[] {
  const written = row.filter(({ text }) => text.trim() !== '');
  const isRightToLeft = 2 * written.filter(piece => piece.isRightToLeft).length > written.length;
  const sorted = [...row].sort((a, b) => a.x - b.x || a.width - b.width);
  const columns: PlacedText[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const piece of sorted) {
    const isBlank = piece.text.trim() === '';
    if (isBlank && columns.length === 0) continue;
    if (!isBlank && piece.x - end > columnGap * piece.height) columns.push([piece]);
    else columns.at(-1)?.push(piece);
    if (!isBlank) end = Math.max(end, piece.x + piece.width);
  }
  const lines = columns.map(column => lineOf(column, isRightToLeft));
  return isRightToLeft ? lines.reverse() : lines;
}

function lineOf(column: readonly PlacedText[], isRightToLeft: boolean): PageLine {
  const order = isRightToLeft ? [...column].reverse() : column;
  let text = '';
  let before: PlacedText | undefined;
  for (const piece of order) {
    if (before) {
      const [left, right] = isRightToLeft ? [piece, before] : [before, piece];
      const gap = right.x - (left.x + left.width);
      const isApart = gap > wordGap * Math.max(left.height, right.height);
      if (isApart && !/\s$/.test(text) && !/^\s/.test(piece.text)) text += ' ';
    }
    text += piece.text;
    before = piece;
  }
  const written = column.filter(piece => piece.text.trim() !== '');
  return {
    text: text.replace(/\s+/g, ' ').trim(),
    x: Math.min(...written.map(({ x }) => x)),
    y: written[0]!.y,
    end: Math.max(...written.map(({ x, width }) => x + width)),
    height: Math.max(...written.map(({ height }) => height)),
  };
}

/** Two columns that the file writes across, row by row, are read one below the other; a table stays as it is, row by row. */
export function inReadingOrder(lines: readonly PageLine[]): PageLine[] {
  const pairs = pairsIn(lines);
  const gutter = gutterOf(pairs);
  if (gutter === null) return [...lines];
  const isLeft = (line: PageLine) => line.end <= gutter + 1;
  const isRight = (line: PageLine) => line.x >= gutter - 1;
  const ordered: PageLine[] = [];
  let left: PageLine[] = [];
  let right: PageLine[] = [];
  const close = () => {
    ordered.push(...left, ...right);
    left = [];
    right = [];
  };
  for (const line of lines) {
    if (isLeft(line)) left.push(line);
    else if (isRight(line)) right.push(line);
    else {
      // What goes over both columns ends what stands in them.
      close();
      ordered.push(line);
    }
  }
  close();
  return ordered;
}

/** Lines that stand side by side and follow each other in the file. */
function pairsIn(lines: readonly PageLine[]): [left: PageLine, right: PageLine][] {
  return lines.flatMap((line, at): [PageLine, PageLine][] => {
    const next = lines[at + 1];
    const isBeside = next && Math.abs(next.y - line.y) < 0.5 * line.height && next.x > line.end;
    return isBeside ? [[line, next]] : [];
  });
}

const leastPairs = 4;
/** Columns of prose have long lines; cells of a table have a word or a number. */
const leastLetters = 24;

/** Where no line of either column comes; null where there are no two columns of prose written row by row. */
function gutterOf(pairs: readonly [PageLine, PageLine][]): number | null {
  const prose = pairs.filter(
    ([left, right]) => left.text.length >= leastLetters && right.text.length >= leastLetters,
  );
  if (prose.length < leastPairs || 2 * prose.length < pairs.length) return null;
  const leftEnd = Math.max(...prose.map(([left]) => left.end));
  const rightStart = Math.min(...prose.map(([, right]) => right.x));
  return rightStart > leftEnd ? (leftEnd + rightStart) / 2 : null;
}
