/** What a line, a label or a title can hold of a text that a stranger wrote. */

/** Marks that one letter can carry in any script that is written; more only paint over other lines. */
const mostMarks = 4;

/**
 * One line: controls, direction marks and whatever else is not seen become blanks or nothing, blanks are single, and at most
 * `most` characters are left, the last one '…' where there were more. Undefined where nothing is left.
 */
export function printableText(text: unknown, most: number): string | undefined {
  if (typeof text !== 'string') return undefined;
  // What is cut off anyway need not be looked at: a text may have a megabyte.
  const seen = text
    .slice(0, 8 * most)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(new RegExp(`(\\p{M}{${mostMarks}})\\p{M}+`, 'gu'), '$1')
    .replace(/\p{White_Space}+/gu, ' ')
    .trim();
  const characters = Array.from(seen);
  if (characters.length === 0) return undefined;
  return characters.length <= most
    ? seen
    : `${characters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
}
