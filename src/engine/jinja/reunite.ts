import { type Mark, Text } from './text.ts';

/**
 * A content that a template took apart (an answer, at its `</think>`) and put together again as it stood is that content, also
 * where the words between its parts were the template's: a prompt cannot show whose they are, and in doubt they are written.
 */
export function reunite(prompt: Text, contents: readonly (string | undefined)[]): Text {
  const marks: Mark[] = [];
  for (let i = 0; i < prompt.marks.length; ) {
    const { message } = prompt.marks[i]!;
    let next = i + 1;
    while (prompt.marks[next]?.message === message) next += 1;
    const whole = next - i > 1 ? around(prompt, i, next, contents[message]) : undefined;
    if (whole) marks.push(whole);
    else marks.push(...prompt.marks.slice(i, next));
    i = next;
  }
  return new Text(prompt.text, marks);
}

/** Where a content stands as a whole, over the stretches of one message in a row and free of others'. */
function around(prompt: Text, first: number, next: number, content: string | undefined): Mark | undefined {
  if (content === undefined) return undefined;
  const { start: firstStart, message } = prompt.marks[first]!;
  const lastEnd = prompt.marks[next - 1]!.end;
  const free = first === 0 ? 0 : prompt.marks[first - 1]!.end;
  const start = prompt.text.indexOf(content, Math.max(free, lastEnd - content.length));
  const end = start + content.length;
  const isFree = end <= (prompt.marks[next]?.start ?? prompt.text.length);
  return start >= 0 && start <= firstStart && end >= lastEnd && isFree ? { start, end, message } : undefined;
}
