import { isComplete } from './lost-text.ts';
import { parseLines } from './parse-lines.ts';
import type { TopBlock } from './tokens.ts';

/**
 * Deeper nesting would only exhaust the stack. A list marker needs a space after it, or every long rule of
 * dashes would count; white space is matched in one place only, or the search would take exponential time.
 */
const nestingLimit = /^[ \t]*(?:(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]))[ \t]*){40}/m;

/**
 * The blocks of a Markdown text. Pathological input comes back as one plain block, and so does a block of which a
 * letter, digit or sign would not be shown; this never throws. `isOpen`: the text is still being written.
 */
export function parseBlocks(text: string, isOpen = false): TopBlock[] {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  if (nestingLimit.test(text)) return [plainBlock(lines)];
  try {
    return parseLines(lines, { isOpen, isInList: false }).map(block => {
      const raw = lines.slice(block.start, block.end).join('\n');
      const isLast = isOpen && block.end === lines.length;
      return isComplete(raw, block)
        ? { ...block, raw, isOpen: isLast }
        : plainBlock(lines, block.start, block.end);
    });
  } catch {
    // A parser failure must not take the answer away: its words are shown without formatting.
    return [plainBlock(lines)];
  }
}

function plainBlock(lines: readonly string[], start = 0, end = lines.length): TopBlock {
  return { type: 'plain', start, end, raw: lines.slice(start, end).join('\n'), isOpen: false };
}
