/** What the beginning of a line says. A sign before a number is a sign, here as everywhere. */

const tabStop = 4;

/** Columns of white space at a line's beginning. */
export function indentOf(line: string): number {
  let columns = 0;
  for (const char of line) {
    if (char === ' ') columns++;
    else if (char === '\t') columns += tabStop - (columns % tabStop);
    else break;
  }
  return columns;
}

/** The line without its first columns of white space. */
export function dedent(line: string, columns: number): string {
  let at = 0;
  let column = 0;
  while (column < columns && (line[at] === ' ' || line[at] === '\t')) {
    column += line[at] === '\t' ? tabStop - (column % tabStop) : 1;
    at++;
  }
  return ' '.repeat(Math.max(0, column - columns)) + line.slice(at);
}

export const isBlank = (line: string) => line.trim() === '';

/** The written sign before a number is the number's: "- 3", "-.5", "- $5", "- ½". */
const signified = /^(?:[$€£¥]?[ \t]*[.,]?[\p{Nd}¼-¾⅐-⅞↉]|[pP][ \t]*[<=>≤≥])/u;

export interface HeadingStart {
  depth: number;
  text: string;
}

/** "# 30 tablets", "# 30" and "# of tablets" are counts, not headings. */
const counted = /^(?:\d{2,4}$|\d+(?:[.,]\d+)?(?:[ \t]*[(,;]|[ \t]+\p{Ll})|of[ \t])/u;

export function headingStart(line: string): HeadingStart | null {
  const match = /^ {0,3}(#{1,6})[ \t]+(\S.*)$/.exec(line);
  if (!match) return null;
  const depth = match[1]!.length;
  let text = match[2]!.trimEnd();
  if (depth === 1 && counted.test(text)) return null;
  // The same marks behind it close it. Others are the text's: "Patient #".
  const closing = /[ \t]+(#+)$/.exec(text);
  if (closing && closing[1]!.length === depth) text = text.slice(0, closing.index);
  return /^#+$/.test(text) ? null : { depth, text };
}

export const isRule = (line: string) => /^ {0,3}(?:-{3,}|\*{3,}|_{3,})[ \t]*$/.test(line);

/** A title of one line, underlined. With dashes it is a paragraph above a rule; with a figure in it, a finding. */
export function isUnderlined(line: string, next: string | undefined): boolean {
  return (
    next !== undefined &&
    /^ {0,3}={3,}[ \t]*$/.test(next) &&
    !/\p{N}/u.test(line) &&
    !/[.:;,!?]\s*$/.test(line)
  );
}

export interface FenceStart {
  indent: number;
  mark: string;
  language: string | undefined;
  /** What stands behind the fence and is no name of a language: the first line of the text. */
  text: string | null;
}

export function fenceStart(line: string): FenceStart | null {
  const match = /^( {0,3})(`{3,}|~{3,})[ \t]*(.*)$/.exec(line);
  if (!match) return null;
  const mark = match[2]!;
  const info = match[3]!.trimEnd();
  const isLanguage = /^(?:\p{L}[\p{L}\d_+#.-]*)?(?:[ \t]*\{[^{}]*\}|[ \t]+[\w-]+(?:=\S*)?)*$/u.test(
    info.slice(0, 200),
  );
  if (mark[0] === '`' ? info.includes('`') : !isLanguage) return null;
  const isShown = info !== '' && !(isLanguage && isWholeName(info));
  return {
    indent: match[1]!.length,
    mark,
    language: isShown ? undefined : /^[^\s{]{1,20}/.exec(info)?.[0],
    text: isShown ? info : null,
  };
}

/** One word, or one with settings behind it: "python", "js title=x". */
function isWholeName(info: string): boolean {
  return /^[^\s{]{0,20}(?:[ \t]*\{[^{}]*\}|[ \t]+[\w-]+=\S*)*$/.test(info);
}

export const isFenceEnd = (line: string, { mark }: FenceStart) => {
  const trimmed = line.trim();
  return indentOf(line) < 4 && trimmed.length >= mark.length && trimmed === mark[0]!.repeat(trimmed.length);
};

/** "= 90", "25", "~5", "$5", ".5", "-5"; "1. First" is a quoted list. */
const comparedFigure = /^(?:=|[~≈±+−-]?(?:[ \t]*[$€£¥])?[ \t]*[.,]?(?!1[.)][ \t])[\p{Nd}¼-¾⅐-⅞])/u;
const comparedWords =
  /^(?:(?:the|age|day|week|grade|stage)[ \t]+)?(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|half|twice|double|upper|lower|normal|baseline|median|mean)\b/;
/** "ULN", "LLN"; "WARNING:" is a quoted word. */
const comparedAcronym = /^\p{Lu}{2,6}(?![\p{L}\p{M}]|[ \t]*[:!])/u;

/** "> 25", ">= 90", "> ULN", also behind the marks of quotations. */
function isComparison(line: string): boolean {
  const rest = line.replace(/^[ \t>]+/, '').slice(0, 40);
  return comparedFigure.test(rest) || comparedWords.test(rest) || comparedAcronym.test(rest);
}

const quoteMark = /^ {0,3}>/;

/** The index behind the last line of the quotation that begins at a line; the same index where none does. */
export function quoteEnd(lines: readonly string[], start: number): number {
  let first = start;
  while (first < start + 3 && /^ {0,3}>[ \t]*$/.test(lines[first] ?? '')) first++;
  const opening = lines[first];
  if (opening === undefined || !quoteMark.test(opening) || isComparison(opening)) return start;
  // Where quoted lines have a space behind their mark, ">5" and ">=5" among them are comparisons.
  const isSpaced = /^ {0,3}>[ \t]/.test(opening);
  let end = first + 1;
  while (end < lines.length && quoteMark.test(lines[end]!)) {
    if (/^ {0,3}>=/.test(lines[end]!) || (isSpaced && /^ {0,3}>\p{Nd}/u.test(lines[end]!))) break;
    end++;
  }
  return end;
}

export const unquote = (line: string) => line.replace(/^ {0,3}>(?: |\t)?/, '');

export interface Marker {
  indent: number;
  /** "-", "3.", "4)". */
  text: string;
  /** Where the item's text begins, in columns. */
  contentIndent: number;
  /** It speaks for itself: a number stands right behind it, or it is the star of a footnote, "* p < 0.05". */
  isSign: boolean;
}

/** The mark of a list's item. Years and other long numbers are none, nor is a mark with nothing behind it. */
export function markerAt(line: string): Marker | null {
  const match = /^([ \t]*)([-*+]|(?:0|[1-9]\d{0,2})[.)])([ \t]+)(?=\S)/.exec(line);
  if (!match) return null;
  const indent = indentOf(match[1]!);
  const text = match[2]!;
  const gap = indentOf(' '.repeat(indent + text.length) + match[3]!) - indent - text.length;
  return {
    indent,
    text,
    contentIndent: indent + text.length + (gap > tabStop ? 1 : gap),
    isSign: text.length === 1 && signified.test(line.slice(match[0].length, match[0].length + 8)),
  };
}

export const isOrdered = (marker: Marker) => marker.text.length > 1;

/** Both belong to one list: the same bullet, or numbers written in the same way. */
export const isSameKind = (a: Marker, b: Marker) =>
  isOrdered(a) ? isOrdered(b) && a.text.at(-1) === b.text.at(-1) : a.text === b.text;
