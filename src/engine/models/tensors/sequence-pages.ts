import { pagePositions } from '../../kernels/cache-format.ts';

/** Where several sequences keep what follows a prefix that they share. */
export interface SequencePages {
  /** Of each sequence, [logical page] -> physical page: those of the prefix that are full are the same in all. */
  tables: Uint32Array<ArrayBuffer>[];
  /** The last page of the prefix where it is not full, and of each sequence the page that takes a copy of it. */
  partial: { from: number; to: number[] } | undefined;
}

/** Where they keep it in layers that have a ring: in a copy of the prefix's, and each behind it in a ring of its own. */
export interface SequenceRings extends SequencePages {
  /** Of the copy and of all rings. */
  pages: number;
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

/** How many positions each of `count` sequences may have after the prefix, where a buffer holds `most` pages of rings. */
export function positionsInRings(ringPages: number, most: number, prefix: number, count: number): number {
  const each = Math.floor((most - ringPages) / count);
  if (each >= ringPages) return Number.POSITIVE_INFINITY;
  return Math.max(0, (Math.floor(prefix / pagePositions) + each) * pagePositions - prefix);
}

/**
 * The same for layers that keep a ring of `ringPages`: the copy of the prefix's is read by all and written by none, and no sequence
 * takes more pages than the ring has.
 * @param pages of a table
 */
export function sequenceRings(
  ringPages: number,
  pages: number,
  prefix: number,
  count: number,
  positions: number,
): SequenceRings {
  const full = Math.floor(prefix / pagePositions);
  const own = Math.min(pagesAfter(prefix, positions), ringPages);
  const start = (sequence: number) => ringPages + sequence * own;
  const tables = Array.from({ length: count }, (_, sequence) =>
    Uint32Array.from({ length: pages }, (_, page) =>
      page < full ? page % ringPages : start(sequence) + ((page - full) % own),
    ),
  );
  const isPartial = prefix % pagePositions > 0;
  const partial = isPartial ? { from: full % ringPages, to: tables.map(table => table[full]!) } : undefined;
  return { pages: ringPages + count * own, tables, partial };
}
