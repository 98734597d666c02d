const longestTitle = 60;

/** A title from a first question: its first line, cut at a word. */
export function titleFrom(question: string): string {
  const line = question.trim().split('\n', 1)[0]?.replace(/\s+/g, ' ').trim() ?? '';
  // By code points: half a surrogate pair is not a character.
  const characters = Array.from(line);
  if (characters.length <= longestTitle) return line || 'New chat';
  // One more than fits: a word that ends exactly at the limit is kept.
  const lastSpace = characters.slice(0, longestTitle + 1).lastIndexOf(' ');
  return `${characters.slice(0, lastSpace > longestTitle / 2 ? lastSpace : longestTitle).join('')}…`;
}
