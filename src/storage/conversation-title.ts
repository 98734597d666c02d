const longestTitle = 60;

/** A title from a first question: its first line, cut at a word. */
export function titleFrom(question: string): string {
  const line = question.trim().split('\n', 1)[0]?.replace(/\s+/g, ' ') ?? '';
  // By code points: half a surrogate pair is not a character.
  const characters = Array.from(line);
  if (characters.length <= longestTitle) return line || 'New chat';
  const cut = characters.slice(0, longestTitle).join('');
  const lastSpace = cut.lastIndexOf(' ');
  return `${lastSpace > longestTitle / 2 ? cut.slice(0, lastSpace) : cut}…`;
}
