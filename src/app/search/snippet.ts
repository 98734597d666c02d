import { foldWithPlaces } from './fold.ts';
import type { Query } from './query.ts';

/** A part of a text, marked where it is what was looked for. */
export interface SnippetPart {
  text: string;
  isMatch: boolean;
}

/** Around the first match, in UTF-16 units. */
const before = 40;
const after = 120;
/** Of a longer text only so much is folded again to mark it. */
const mostFolded = 20_000;

/** One line of a text around what was looked for. */
export function snippetOf(text: string, query: Query): SnippetPart[] {
  const near = cutNear(text, query);
  const line = near.replace(/\s+/g, ' ').trim();
  const marks = marksIn(line, query);
  const first = marks[0]?.[0] ?? 0;
  const start = first > before ? wordStart(line, first - before) : 0;
  const end = line.length - first > after ? wordStart(line, first + after) : line.length;
  const parts: SnippetPart[] = [];
  let at = start;
  for (const [from, to] of marks) {
    if (to > end) break;
    if (from > at) parts.push({ text: line.slice(at, from), isMatch: false });
    parts.push({ text: line.slice(Math.max(from, at), to), isMatch: true });
    at = to;
  }
  if (at < end) parts.push({ text: line.slice(at, end), isMatch: false });
  if (start > 0) parts.unshift({ text: '…', isMatch: false });
  if (end < line.length) parts.push({ text: '…', isMatch: false });
  return parts;
}

/** A long text is searched piece by piece for the one that has a match. */
function cutNear(text: string, query: Query): string {
  for (let at = 0; at < text.length; at += mostFolded / 2) {
    const piece = text.slice(at, at + mostFolded);
    if (text.length <= mostFolded || marksIn(piece, query).length > 0) return piece;
  }
  return text.slice(0, mostFolded);
}

/** Where matches stand in a text, in order and apart from each other. */
export function marksIn(text: string, { needles, words }: Query): [start: number, end: number][] {
  const { folded, places } = foldWithPlaces(text);
  const found: [number, number][] = [];
  for (const needle of new Set([...words, ...needles])) {
    for (let at = folded.indexOf(needle); at !== -1; at = folded.indexOf(needle, at + needle.length)) {
      found.push([places[at]!, endOf(places, at + needle.length)]);
    }
  }
  found.sort(([a], [b]) => a - b);
  const marks: [number, number][] = [];
  for (const [start, end] of found) {
    const last = marks.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else marks.push([start, end]);
  }
  return marks;
}

/** A match ends where the next character begins, with its marks. */
function endOf(places: Uint32Array, at: number): number {
  let next = at;
  while (next < places.length - 1 && places[next] === places[at - 1]) next += 1;
  return places[next]!;
}

/** At a space where one is near, and never within a pair of surrogates. */
function wordStart(line: string, at: number): number {
  const space = line.indexOf(' ', at);
  if (space !== -1 && space - at < 20) return space + 1;
  const isLow = /[\udc00-\udfff]/.test(line[at] ?? '');
  return isLow ? at + 1 : at;
}
