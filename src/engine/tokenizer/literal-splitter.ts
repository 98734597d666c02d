/** A stretch of text, or the id of a literal found in it. */
export type Fragment = { text: string } | { id: number };

/**
 * Cuts a text at every occurrence of a literal: the leftmost first and, of those that begin at one place, the
 * longest. Fragments come in order and none is an empty text.
 */
export function createLiteralSplitter(literals: ReadonlyMap<string, number>): (text: string) => Fragment[] {
  if (literals.size === 0) return text => (text === '' ? [] : [{ text }]);
  const longestFirst = [...literals.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(escapeForPattern).join('|'), 'gu');
  return text => {
    const fragments: Fragment[] = [];
    let end = 0;
    for (const match of text.matchAll(pattern)) {
      if (match.index > end) fragments.push({ text: text.slice(end, match.index) });
      fragments.push({ id: literals.get(match[0])! });
      end = match.index + match[0].length;
    }
    if (end < text.length) fragments.push({ text: text.slice(end) });
    return fragments;
  };
}

function escapeForPattern(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
