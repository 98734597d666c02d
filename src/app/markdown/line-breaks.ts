/** A line of prose that was wrapped is about as long as a printed one. */
const wrappedLength = 60;

/**
 * Whether a line goes on in the next one as wrapped prose does: it is long, ends within a sentence, and the next begins
 * with a small letter. Every other new line is one to the reader too: options, findings, doses stand on lines of
 * their own.
 */
export function goesOn(line: string, next: string): boolean {
  return line.length >= wrappedLength && !/(?:[.:;!?…]| {2}|\t)$/.test(line) && /^[ \t]*\p{Ll}/u.test(next);
}
