/** Where a formula of LaTeX stands in a text. A sum of money, a dose or a remark in brackets is never one. */

export interface FormulaText {
  /** With its delimiters, as it was written. */
  raw: string;
  /** Between them. */
  tex: string;
  /** On a line of its own. */
  isDisplay: boolean;
}

interface Delimiters {
  open: string;
  close: string;
  isDisplay: boolean;
  /** Characters between them. */
  limit: number;
}

const dollars: Delimiters = { open: '$', close: '$', isDisplay: false, limit: 400 };
const kinds: readonly Delimiters[] = [
  { open: '$$', close: '$$', isDisplay: true, limit: 2000 },
  dollars,
  { open: '\\(', close: '\\)', isDisplay: false, limit: 2000 },
  { open: '\\[', close: '\\]', isDisplay: true, limit: 2000 },
];

/** The formula that begins at an index; null where none does, or its end is not written (yet). */
export function formulaAt(text: string, at: number): FormulaText | null {
  const kind = kinds.find(({ open }) => text.startsWith(open, at));
  if (!kind || (kind.open.startsWith('$') && isTouched(text[at - 1]))) return null;
  const start = at + kind.open.length;
  const end = closingAt(text, start, kind);
  if (end === null) return null;
  const tex = text.slice(start, end);
  const raw = text.slice(at, end + kind.close.length);
  const isMeant =
    kind === dollars
      ? // Pandoc's rule, and nothing that goes on behind it.
        !/^\s|\s$/.test(tex) && !isTouched(text[end + 1]) && isFormula(tex) && !isMoney(tex)
      : text[end + kind.close.length] !== '$' && isFormula(tex, kind.open === '\\[');
  return isMeant ? { raw, tex: tex.trim(), isDisplay: kind.isDisplay } : null;
}

const isTouched = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}$]/u.test(char);

/** Of what is closed on the same line with one dollar, on lines without a blank one between them otherwise. */
function closingAt(text: string, start: number, { close, limit, open }: Delimiters): number | null {
  const last = Math.min(text.length, start + limit);
  for (let at = start; at < last; at++) {
    if (text.startsWith(close, at)) return at > start ? at : null;
    const char = text[at];
    // No formula begins in another one; looked for again and again, the end of many openings would take long.
    if (char === '\\' && text.startsWith(open, at)) return null;
    if (char === '\\') at++;
    else if (char === '$' && open !== '\\(' && open !== '\\[') return null;
    else if (char === '\n' && (open === '$' || /^[ \t]*(?:\n|$)/.test(text.slice(at + 1, at + 40))))
      return null;
  }
  return null;
}

/** Words of a formula, which are set as they are. */
const words = /\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|mathsf|operatorname)\*?\s*\{[^{}]*\}/g;

/** @param isSigned one sign of mathematics has to be in it: `\[1\]` and `\[sic\]` are escaped brackets */
function isFormula(tex: string, isSigned = false): boolean {
  const rest = tex.replace(words, '\\w ').trim();
  if (rest === '' || !/[\p{L}\p{N}]/u.test(rest)) return false;
  // TeX sets without the spaces between them: prose would run together, and "2 1/2" become another figure.
  if (/(?<![\\\p{L}])\p{L}{3,}[ \t\n]+\p{L}{2,}/u.test(rest) || /\p{N}\s+\p{N}/u.test(rest)) return false;
  // A tilde is a space to TeX, and "about" before a figure.
  if (/(?:^|[\s(=<>])~\s*\p{N}/u.test(rest)) return false;
  if (/\\[a-zA-Z]|[\^_={}<>≤≥±×·÷√∑∫]/.test(rest)) return true;
  if (isSigned) return false;
  if (/^\p{L}'*$/u.test(rest) || /^[-+−]?\d+(?:[.,]\d+)?(?:\\?%)?$/.test(rest)) return true;
  return /[-+*/|(),!:]/.test(rest) && !/\p{L}{3,}/u.test(rest) && !/\s\p{L}{2,}|\p{L}{2,}\s/u.test(rest);
}

/** What begins with a figure behind a dollar is a sum, unless it is only a number or has what no sum has. */
function isMoney(tex: string): boolean {
  if (!/^[-+−~≈]?[.,]?\p{N}/u.test(tex)) return false;
  if (/\\[a-zA-Z]|[\^_{]/.test(tex) || /^\d+(?:[.,]\d+)?\\?%?$/.test(tex)) return false;
  return !(/[=<>]/.test(tex) && !/\p{L}{2,}/u.test(tex));
}

const displayStart = /^ {0,3}(?:\$\$|\\\[)/;
const linesLimit = 60;

/** A formula on lines of its own, with the mark of punctuation behind it; `end`: the index behind its last line. */
export interface FormulaLines extends FormulaText {
  end: number;
  after: string;
}

export function formulaLines(lines: readonly string[], start: number): FormulaLines | null {
  if (!displayStart.test(lines[start]!)) return null;
  const text = linesToBlank(lines, start).join('\n').trimStart();
  const found = formulaAt(text, 0);
  const rest = found && /^([.,;:]?)[ \t]*(?:\n|$)/.exec(text.slice(found.raw.length));
  if (!found || !rest) return null;
  return { ...found, after: rest[1]!, end: start + found.raw.split('\n').length };
}

/** The end of a text that is still being written, in which a formula has begun on a line of its own; else null. */
export function begunFormula(lines: readonly string[], start: number): string | null {
  if (!displayStart.test(lines[start]!)) return null;
  const written = linesToBlank(lines, start);
  // The line after the last break has not begun yet.
  const end = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  return start + written.length === end ? written.join('\n').trim() : null;
}

function linesToBlank(lines: readonly string[], start: number): readonly string[] {
  const most = lines.slice(start, start + linesLimit);
  const blank = most.findIndex(line => line.trim() === '');
  return blank < 0 ? most : most.slice(0, blank);
}
