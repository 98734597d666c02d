import type { Budget } from './budget.ts';
import { countCodePoints } from './python-text.ts';

/** A stretch of a text that people or the model wrote. UTF-16 units, end exclusive. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  /** Which message it comes from. */
  readonly message: number;
}

const noMarks: readonly Mark[] = [];

/**
 * Python's `str`, which also knows which of its characters were written by whom. Marks ascend, never overlap or are empty, and
 * neighbours of one message are joined. Everything unmarked is the template's own.
 */
export class Text {
  readonly text: string;
  readonly marks: readonly Mark[];
  #isBmp: boolean | undefined;

  constructor(text: string, marks: readonly Mark[] = noMarks) {
    this.text = text;
    this.marks = marks;
  }

  static writtenBy(message: number, text: string): Text {
    return text === '' ? empty : new Text(text, [{ start: 0, end: text.length, message }]);
  }

  get length(): number {
    return this.text.length;
  }

  /** Whether every character is one UTF-16 unit, so that Python's indices are JavaScript's. */
  get isBmp(): boolean {
    this.#isBmp ??= !/[\ud800-\udfff]/.test(this.text);
    return this.#isBmp;
  }

  /** Python's `len`. */
  get codePoints(): number {
    return this.isBmp ? this.text.length : countCodePoints(this.text);
  }

  /** In UTF-16 units. */
  slice(start: number, end: number = this.text.length): Text {
    if (start === 0 && end === this.text.length) return this;
    const text = this.text.slice(start, end);
    if (this.marks.length === 0 || text === '') return new Text(text);
    const marks: Mark[] = [];
    for (let i = firstEndingAfter(this.marks, start); i < this.marks.length; i += 1) {
      const mark = this.marks[i]!;
      if (mark.start >= end) break;
      marks.push({
        start: Math.max(mark.start, start) - start,
        end: Math.min(mark.end, end) - start,
        message: mark.message,
      });
    }
    return new Text(text, marks);
  }

  /** Whose characters lie between two places, in UTF-16 units; the first where there are several. */
  writerBetween(start: number, end: number): number | undefined {
    const mark = this.marks[firstEndingAfter(this.marks, start)];
    return mark && mark.start < end ? mark.message : undefined;
  }
}

export const empty = new Text('');

export function plain(text: string): Text {
  return text === '' ? empty : new Text(text);
}

export function concat(budget: Budget, parts: readonly Text[]): Text {
  let length = 0;
  let longest = 0;
  let marked = 0;
  for (const part of parts) {
    length += part.length;
    longest = Math.max(longest, part.length);
    marked += part.marks.length;
  }
  // Engines do not copy what a string is joined to until it is read, which counts for itself.
  budget.characters(length - longest + 16 + 8 * marked);
  return joinAll(parts);
}

/** Not counted: for pieces of which the whole was. */
export function joinAll(parts: readonly Text[]): Text {
  if (parts.length === 1) return parts[0]!;
  const marks: Mark[] = [];
  let text = '';
  for (const part of parts) {
    for (const mark of part.marks)
      addMark(marks, mark.start + text.length, mark.end + text.length, mark.message);
    text += part.text;
  }
  return new Text(text, marks);
}

/** `text` as written by who wrote anything of `source`: for operations that do not keep places. */
function writtenLike(source: Text, text: string): Text {
  const [mark] = source.marks;
  return mark === undefined ? plain(text) : Text.writtenBy(mark.message, text);
}

/**
 * Rewrites a text. Where the change of each stretch alone gives the change of the whole, each keeps its writer; otherwise all of it
 * counts as written.
 */
export function rewrite(budget: Budget, source: Text, change: (text: string) => string): Text {
  budget.characters(4 * source.length);
  const whole = change(source.text);
  const { marks } = source;
  const [first] = marks;
  if (first === undefined) return plain(whole);
  if (first.start === 0 && first.end === source.length) return Text.writtenBy(first.message, whole);
  budget.step(4 * marks.length);
  const parts: Text[] = [];
  let at = 0;
  for (const mark of marks) {
    parts.push(plain(change(source.text.slice(at, mark.start))));
    parts.push(Text.writtenBy(mark.message, change(source.text.slice(mark.start, mark.end))));
    at = mark.end;
  }
  parts.push(plain(change(source.text.slice(at))));
  const joined = joinAll(parts);
  return joined.text === whole ? joined : writtenLike(source, whole);
}

function addMark(marks: Mark[], start: number, end: number, message: number): void {
  const last = marks.at(-1);
  if (last && last.end === start && last.message === message)
    marks[marks.length - 1] = { start: last.start, end, message };
  else marks.push({ start, end, message });
}

function firstEndingAfter(marks: readonly Mark[], place: number): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (marks[middle]!.end > place) high = middle;
    else low = middle + 1;
  }
  return low;
}
