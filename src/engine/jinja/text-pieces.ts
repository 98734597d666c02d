import type { Budget } from './budget.ts';
import { blanks, countCodePoints, leadingEnd, lineSpans, trailingStart } from './python-text.ts';
import { templateError } from './template-errors.ts';
import { empty, joinAll, Text } from './text.ts';

/** Pieces of texts: every character keeps its writer. Each counts what it makes. */

export function strip(
  budget: Budget,
  text: Text,
  characters: Text | undefined,
  ends: 'both' | 'left' | 'right',
): Text {
  budget.scan(text.length * 16);
  const set = characters && new Set(characters.text);
  if (characters) budget.items(characters.length);
  const start = ends === 'right' ? 0 : leadingEnd(text.text, set);
  const end = ends === 'left' ? text.length : trailingStart(text.text, set);
  return end <= start ? empty : counted(budget, text.slice(start, end));
}

/** `str.split` with a separator, from the left. `most`: how many cuts; undefined for all. */
export function split(budget: Budget, text: Text, separator: Text, most: number | undefined): Text[] {
  if (separator.length === 0) throw templateError('empty separator');
  budget.scan(text.length, separator.length);
  const pieces: Text[] = [];
  let at = 0;
  while (most === undefined || pieces.length < most) {
    const found = text.text.indexOf(separator.text, at);
    if (found < 0) break;
    pieces.push(piece(budget, text, at, found));
    at = found + separator.length;
  }
  pieces.push(piece(budget, text, at, text.length));
  return pieces;
}

export function splitRight(budget: Budget, text: Text, separator: Text, most: number | undefined): Text[] {
  if (separator.length === 0) throw templateError('empty separator');
  budget.scan(text.length, separator.length);
  const pieces: Text[] = [];
  let end = text.length;
  while (most === undefined || pieces.length < most) {
    const found = end < separator.length ? -1 : text.text.lastIndexOf(separator.text, end - separator.length);
    if (found < 0) break;
    pieces.push(piece(budget, text, found + separator.length, end));
    end = found;
  }
  pieces.push(piece(budget, text, 0, end));
  return pieces.reverse();
}

/** `str.split()`: words between blanks; what is left after `most` cuts keeps its inner and trailing blanks. */
export function splitBlanks(budget: Budget, text: Text, most: number | undefined): Text[] {
  budget.scan(text.length * 4);
  const pieces: Text[] = [];
  const word = new RegExp(`[^${blanks}]+`, 'g');
  for (let match = word.exec(text.text); match; match = word.exec(text.text)) {
    if (pieces.length === most) {
      pieces.push(piece(budget, text, match.index, text.length));
      break;
    }
    pieces.push(piece(budget, text, match.index, match.index + match[0].length));
  }
  return pieces;
}

export function splitBlanksRight(budget: Budget, text: Text, most: number | undefined): Text[] {
  budget.scan(text.length * 4);
  const words: RegExpExecArray[] = [];
  for (const word of text.text.matchAll(new RegExp(`[^${blanks}]+`, 'g'))) {
    budget.items(4);
    words.push(word);
  }
  const cut = most === undefined ? words : words.slice(Math.max(0, words.length - most));
  const pieces = cut.map(word => piece(budget, text, word.index, word.index + word[0].length));
  const before = words[words.length - cut.length - 1];
  if (before) pieces.unshift(piece(budget, text, 0, before.index + before[0].length));
  return pieces;
}

export function splitLines(budget: Budget, text: Text, keepEnds = false): Text[] {
  budget.scan(text.length * 4);
  const spans = lineSpans(text.text, () => budget.items(2));
  return spans.map(span => piece(budget, text, span.start, keepEnds ? span.next : span.end));
}

/**
 * `str.replace`. What takes the place of something that somebody wrote, or stands within it, counts as written by them: what is
 * made of a pasted text by rewriting it is no more the template's own than the text was.
 */
export function replace(budget: Budget, text: Text, old: Text, fresh: Text, most: number | undefined): Text {
  budget.scan(text.length, old.length);
  const places = old.length === 0 ? placesBetween(text, most) : placesOf(text, old.text, most);
  budget.items(places.length * 2);
  budget.characters(text.length + places.length * fresh.length + 8 * text.marks.length);
  const pieces: Text[] = [];
  let at = 0;
  for (const place of places) {
    pieces.push(text.slice(at, place));
    at = place + old.length;
    const writer = writerAround(text, place, at);
    pieces.push(writer === undefined ? fresh : Text.writtenBy(writer, fresh.text));
  }
  pieces.push(text.slice(at));
  return joinAll(pieces);
}

/** Who wrote any of what is replaced, or where nothing is, what stands beside the place. */
function writerAround(text: Text, start: number, end: number): number | undefined {
  if (start < end) return text.writerBetween(start, end);
  return text.writerBetween(start, start + 1) ?? text.writerBetween(start - 1, start);
}

function placesOf(text: Text, old: string, most: number | undefined): number[] {
  const places: number[] = [];
  for (let at = text.text.indexOf(old); at >= 0; at = text.text.indexOf(old, at + old.length)) {
    if (places.length === most) break;
    places.push(at);
  }
  return places;
}

/** Before every character, and at the end. */
function placesBetween(text: Text, most: number | undefined): number[] {
  const places: number[] = [];
  for (let at = 0; at <= text.length; at += (text.text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) {
    if (places.length === most) break;
    places.push(at);
  }
  return places;
}

/** `str.find`, in code points; -1 where there is none. */
export function find(
  budget: Budget,
  text: Text,
  wanted: Text,
  start: number,
  end: number,
  direction: 'first' | 'last',
): number {
  budget.scan(text.length * 2, wanted.length);
  if (start > end) return -1;
  const within = text.text.slice(start, end);
  const found = direction === 'first' ? within.indexOf(wanted.text) : within.lastIndexOf(wanted.text);
  return found < 0 ? -1 : countCodePoints(text.text.slice(0, start + found));
}

export function piece(budget: Budget, text: Text, start: number, end: number): Text {
  budget.items(1);
  return counted(budget, text.slice(start, end));
}

function counted(budget: Budget, text: Text): Text {
  budget.characters(text.length + 8 * text.marks.length);
  return text;
}
