import { pagePositions } from '../../kernels/cache-format.ts';

/** Where several sequences keep what follows a prefix that they share. */
export interface SequencePages {
  /** Of each sequence, [logical page] -> physical page: those of the prefix that are full are the same in all. */
  tables: Uint32Array<ArrayBuffer>[];
  /** The last page of the prefix where it is not full, and of each sequence the page that takes a copy of it. */
  partial: { from: number; to: number[] } | undefined;
}

/** Pages that a sequence takes for itself. */
function pagesAfter(prefix: number, positions: number): number {
  return Math.ceil((prefix + positions) / pagePositions) - Math.floor(prefix / pagePositions);
}

/** How many positions each of `count` sequences may have after the prefix, in a cache of so many pages. */
export function positionsAfter(pages: number, prefix: number, count: number): number {
  const each = Math.floor((pages - Math.ceil(prefix / pagePositions)) / count);
  return Math.max(0, (Math.floor(prefix / pagePositions) + each) * pagePositions - prefix);
}

/**
 * Pages for `count` sequences of `positions` more than the `prefix` positions that lie in the first pages in order. The pages of the
 * prefix are written by none. There is room: see `positionsAfter`.
 */
export function sequencePages(
  pages: number,
  prefix: number,
  count: number,
  positions: number,
): SequencePages {
  const full = Math.floor(prefix / pagePositions);
  const own = pagesAfter(prefix, positions);
  const first = Math.ceil(prefix / pagePositions);
  const start = (sequence: number) => first + sequence * own;
  const tables = Array.from({ length: count }, (_, sequence) =>
    Uint32Array.from({ length: pages }, (_, page) => {
      if (page < full) return page;
      // Behind its last page there is nothing to read or write.
      return page < full + own ? start(sequence) + page - full : start(sequence);
    }),
  );
  const partial = first > full ? { from: full, to: tables.map(table => table[full]!) } : undefined;
  return { tables, partial };
}

/** Pages of a sequence's own ring, wherever in a page the prefix ends: no more than the ring has that it goes on from. */
function ownRingPages(ringPages: number, positions: number): number {
  return Math.min(ringPages, pagesAfter(pagePositions - 1, positions));
}

/** Of the copy of a ring and of the rings of `count` sequences behind it, with room for `positions` each. */
export function pagesOfRings(ringPages: number, count: number, positions: number): number {
  return ringPages + count * ownRingPages(ringPages, positions);
}

/** How many positions each of `count` sequences may have after a prefix, where a buffer holds `most` pages of rings. */
export function positionsInRings(ringPages: number, most: number, count: number): number {
  const each = Math.floor((most - ringPages) / count);
  if (each >= ringPages) return Number.POSITIVE_INFINITY;
  return Math.max(0, (each - 1) * pagePositions + 1);
}

/**
 * The same for layers that keep a ring of `ringPages`, in a copy of the prefix's, which is read by all and written by none, and each
 * behind it in a ring of its own.
 * @param pages of a table
 */
export function sequenceRings(
  ringPages: number,
  pages: number,
  prefix: number,
  count: number,
  positions: number,
): SequencePages {
  const full = Math.floor(prefix / pagePositions);
  const own = ownRingPages(ringPages, positions);
  const start = (sequence: number) => ringPages + sequence * own;
  const tables = Array.from({ length: count }, (_, sequence) =>
    Uint32Array.from({ length: pages }, (_, page) =>
      page < full ? page % ringPages : start(sequence) + ((page - full) % own),
    ),
  );
  const isPartial = prefix % pagePositions > 0;
  const partial = isPartial ? { from: full % ringPages, to: tables.map(table => table[full]!) } : undefined;
  return { tables, partial };
}
