import { begunFormula, formulaLines } from './formula-at.ts';
import {
  dedent,
  type FenceStart,
  fenceStart,
  headingStart,
  indentOf,
  isBlank,
  isFenceEnd,
  isRule,
  isUnderlined,
  quoteEnd,
  unquote,
} from './line-starts.ts';
import { breakLines, parseInline } from './parse-inline.ts';
import { beginsList, type Place, parseList } from './parse-list.ts';
import { beginsTable, parseTable } from './parse-table.ts';
import type { Block, Code, DisplayFormula, Paragraph } from './tokens.ts';

/** The blocks of these lines. Every line that is not blank belongs to one. */
export function parseLines(lines: readonly string[], place: Place): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    if (isBlank(lines[at]!)) {
      at++;
      continue;
    }
    const block = parseBlock(lines, at, place);
    blocks.push(block);
    at = block.end;
  }
  return blocks;
}

function parseBlock(lines: readonly string[], start: number, place: Place): Block {
  const line = lines[start]!;
  if (indentOf(line) >= 4) return parseIndentedCode(lines, start);
  const formula = parseFormula(lines, start, place);
  if (formula) return formula;
  const fence = fenceStart(line);
  if (fence && isFence(lines, start, fence)) return parseFencedCode(lines, start, fence);
  const isLast = (end: number) => place.isOpen && end === lines.length;
  const heading = headingStart(line);
  // Of "# 30" the next word tells whether it counts something.
  const isUntold = isLast(start + 1) && /^ {0,3}#[ \t]+(?:[\d.,]+|of?)[ \t]*$/.test(line);
  if (heading && !isUntold) {
    const inlines = parseInline(heading.text, isLast(start + 1));
    return { type: 'heading', start, end: start + 1, depth: heading.depth, inlines };
  }
  if (isRule(line)) return { type: 'rule', start, end: start + 1 };
  const end = quoteEnd(lines, start);
  if (end > start) {
    const blocks = parseLines(lines.slice(start, end).map(unquote), { isOpen: isLast(end), isInList: false });
    return { type: 'quote', start, end, blocks };
  }
  if (beginsList(lines, start, place.isInList)) return parseList(lines, start, place, parseLines);
  if (beginsTable(lines, start)) return parseTable(lines, start, place.isOpen);
  if (isUnderlined(line, lines[start + 1])) {
    return { type: 'heading', start, end: start + 2, depth: 1, inlines: parseInline(line.trim()) };
  }
  return parseParagraph(lines, start, place);
}

/** One that has begun is text, whatever its lines begin with, until its end is written. */
function parseFormula(
  lines: readonly string[],
  start: number,
  place: Place,
): DisplayFormula | Paragraph | null {
  const found = formulaLines(lines, start);
  if (found) {
    const { raw: source, tex, after, end } = found;
    return { type: 'formula', start, end, source, tex, after };
  }
  const begun = place.isOpen ? begunFormula(lines, start) : null;
  return begun === null ? null : { type: 'paragraph', start, end: lines.length, inlines: breakLines(begun) };
}

/** Tildes with nothing below them mark nothing off. */
function isFence(lines: readonly string[], start: number, { mark }: FenceStart): boolean {
  return mark.startsWith('`') || lines.slice(start + 1).some(line => !isBlank(line));
}

function parseParagraph(lines: readonly string[], start: number, place: Place): Paragraph {
  let end = start + 1;
  while (end < lines.length && !isBlank(lines[end]!) && !interruptsParagraph(lines, end, place)) end++;
  const text = lines.slice(start, end).join('\n').trim();
  return { type: 'paragraph', start, end, inlines: parseInline(text, place.isOpen && end === lines.length) };
}

function interruptsParagraph(lines: readonly string[], at: number, { isInList }: Place): boolean {
  const line = lines[at]!;
  if (indentOf(line) >= 4) return false;
  return (
    fenceStart(line) !== null ||
    formulaLines(lines, at) !== null ||
    headingStart(line) !== null ||
    isRule(line) ||
    quoteEnd(lines, at) > at ||
    (/^ {0,3}(?:[-*+]|[01][.)])[ \t]/.test(line) && beginsList(lines, at, isInList)) ||
    beginsTable(lines, at)
  );
}

function parseIndentedCode(lines: readonly string[], start: number): Code {
  let end = start + 1;
  for (let at = end; at < lines.length && (isBlank(lines[at]!) || indentOf(lines[at]!) >= 4); at++) {
    if (!isBlank(lines[at]!)) end = at + 1;
  }
  const text = lines
    .slice(start, end)
    .map(line => dedent(line, 4))
    .join('\n');
  return { type: 'code', start, end, text, language: undefined };
}

function parseFencedCode(lines: readonly string[], start: number, fence: FenceStart): Code {
  let close = start + 1;
  while (close < lines.length && !isFenceEnd(lines[close]!, fence)) close++;
  const inner = lines
    .slice(start + 1, close)
    .map(line => dedent(line, Math.min(indentOf(line), fence.indent)));
  const text = (fence.text === null ? inner : [fence.text, ...inner]).join('\n');
  return { type: 'code', start, end: Math.min(close + 1, lines.length), text, language: fence.language };
}
